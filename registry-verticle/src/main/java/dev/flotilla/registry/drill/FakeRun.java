package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A run in the memory of the fake instance. The prompt is its script: `[[slow:N:MS]]` says N
/// words, MS apart; `[[tool:NAME:MS]]` says three words, uses a tool and says ten more;
/// `[[fail]]` or `[[fail:STATUS]]` fails; `[[hang]]` says nothing; `[[prepare:MS]]` waits before it
/// begins; anything else is echoed.
final class FakeRun {
  private static final Pattern DIRECTIVE =
      Pattern.compile("\\[\\[(slow|fail|hang|prepare|tool)(?::([a-z0-9_]+))?(?::([0-9]+))?]]");
  private static final List<String> LOOKING = List.of("looking", "it", "up");

  final String id;
  final String prompt;
  final FakeSession session;
  final List<String> words;
  final int gapMs;
  final int prepareMs;
  final boolean fails;
  final boolean hangs;
  final @Nullable String tool;
  boolean toolUsed;
  boolean begun;
  int said;
  long timer = -1;
  @Nullable ObjectNode result;
  @Nullable FakeSocket starter;
  @Nullable String starterRequest;

  FakeRun(String id, String prompt, FakeSession session) {
    this.id = id;
    this.prompt = prompt;
    this.session = session;
    Matcher directive = DIRECTIVE.matcher(prompt);
    String kind = directive.find() ? directive.group(1) : "echo";
    this.tool = kind.equals("tool") ? directive.group(2) : null;
    int first = kind.equals("echo") || tool != null ? 0 : number(directive.group(2));
    this.fails = kind.equals("fail");
    this.hangs = kind.equals("hang");
    this.prepareMs = kind.equals("prepare") ? first : 0;
    boolean paced = kind.equals("slow") || (tool != null && directive.group(3) != null);
    this.gapMs = paced ? number(directive.group(3)) : 2;
    this.words = words(kind, first);
  }

  private List<String> words(String kind, int count) {
    return switch (kind) {
      case "slow" -> counted(count);
      case "tool" -> Stream.concat(LOOKING.stream(), counted(10).stream()).toList();
      default -> echo(prompt);
    };
  }

  /// True where it has said what comes before its tool.
  boolean wantsTool() {
    return tool != null && !toolUsed && said == LOOKING.size();
  }

  private static int number(@Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static List<String> counted(int count) {
    return IntStream.range(0, count).mapToObj(i -> "w" + i).toList();
  }

  private static List<String> echo(String prompt) {
    List<String> words = new ArrayList<>();
    words.add("echo:");
    words.addAll(List.of(prompt.split(" ")));
    return words;
  }

  /// All that it has said. What comes after a tool is a new item, set apart by an empty line.
  String text() {
    int split = toolUsed ? LOOKING.size() : 0;
    String before = String.join(" ", words.subList(0, split));
    return toolUsed && said > split ? before + "\n\n" + item() : before + item();
  }

  /// What it has said since its tool.
  String item() {
    return String.join(" ", words.subList(toolUsed ? LOOKING.size() : 0, said));
  }
}
