package dev.flotilla.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.CommentId;
import dev.flotilla.identity.DependencyId;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.wire.Json;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WorkFactTest {
  private static final ProjectId PROJECT = new ProjectId("p");
  private static final SprintId SPRINT = new SprintId("s");
  private static final ItemId ITEM = new ItemId("i");

  @Test
  void anItemIsHeardOfInItsProjectItsSprintAndByItself() {
    assertThat(names(new CommentFact.Deleted(PROJECT, SPRINT, ITEM, new CommentId("c"))))
        .containsExactly("project:p", "sprint:s", "item:i");
  }

  @Test
  void anItemInTheBacklogHasNoSprintTopic() {
    assertThat(names(new ItemFact.Deleted(PROJECT, null, ITEM)))
        .containsExactly("project:p", "item:i");
  }

  @Test
  void aMoveIsHeardInTheOldSprintAndInTheNew() {
    assertThat(names(moved("old", "new")))
        .containsExactlyInAnyOrder("project:p", "sprint:old", "sprint:new", "item:i");
    assertThat(names(moved(null, "new")))
        .containsExactlyInAnyOrder("project:p", "sprint:new", "item:i");
    assertThat(names(moved("old", null)))
        .containsExactlyInAnyOrder("project:p", "sprint:old", "item:i");
    assertThat(names(moved("s", "s"))).containsExactlyInAnyOrder("project:p", "sprint:s", "item:i");
  }

  @Test
  void aSprintIsHeardOfInItsProjectAndByItself() {
    assertThat(names(new ProjectFact.Deleted(PROJECT))).containsExactly("project:p");
    assertThat(names(new SprintFact.Deleted(PROJECT, SPRINT)))
        .containsExactly("project:p", "sprint:s");
  }

  @Test
  void aDependencyIsHeardOfAtBothEndsOnce() {
    DependencyFact fact =
        new DependencyFact.Deleted(
            new DependencyId("d"),
            ITEM,
            new ItemId("j"),
            List.of(
                new ItemPlace(PROJECT, SPRINT, ITEM),
                new ItemPlace(PROJECT, null, new ItemId("j"))));
    assertThat(names(fact)).containsExactly("project:p", "sprint:s", "item:i", "item:j");
  }

  static List<EventKind> kinds() {
    return Arrays.stream(EventKind.values())
        .filter(kind -> WorkFact.class.isAssignableFrom(kind.payload()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFactIsOfTheKindThatNamesItAndHasTopics(EventKind kind) {
    String example = Schemas.schema("example/event/" + kind.schema() + ".json").toString();
    Fact fact = Json.read(example, kind.payload());
    assertThat(fact.kind()).isEqualTo(kind);
    assertThat(fact.topics()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(kind.durable()).isEqualTo(!(fact instanceof PeopleFact));
  }

  private static List<String> names(Fact fact) {
    return fact.topics().stream().map(Topic::name).toList();
  }

  private static ItemFact.Moved moved(@Nullable String from, @Nullable String to) {
    return new ItemFact.Moved(PROJECT, ITEM, null, null, sprint(from), sprint(to), 0, null, null);
  }

  private static @Nullable SprintId sprint(@Nullable String id) {
    return id == null ? null : new SprintId(id);
  }
}
