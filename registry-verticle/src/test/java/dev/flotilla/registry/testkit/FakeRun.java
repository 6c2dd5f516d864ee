package dev.flotilla.registry.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A run in the memory of the fake instance. The prompt is its script: `[[slow:N:MS]]` says N
/// words, MS apart; `[[fail]]` or `[[fail:STATUS]]` fails; `[[hang]]` says nothing;
/// `[[prepare:MS]]` waits before it begins; anything else is echoed.
final class FakeRun {
  private static final Pattern DIRECTIVE =
      Pattern.compile("\\[\\[(slow|fail|hang|prepare)(?::([0-9]+))?(?::([0-9]+))?]]");

  final String id;
  final String prompt;
  final FakeSession session;
  final List<String> words;
  final int gapMs;
  final int prepareMs;
  final boolean fails;
  final boolean hangs;
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
    int first = kind.equals("echo") ? 0 : number(directive.group(2));
    this.fails = kind.equals("fail");
    this.hangs = kind.equals("hang");
    this.prepareMs = kind.equals("prepare") ? first : 0;
    this.gapMs = kind.equals("slow") ? number(directive.group(3)) : 2;
    this.words = kind.equals("slow") ? counted(first) : echo(prompt);
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

  String text() {
    return String.join(" ", words.subList(0, said));
  }
}
