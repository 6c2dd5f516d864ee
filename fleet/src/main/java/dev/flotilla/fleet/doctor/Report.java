package dev.flotilla.fleet.doctor;

import dev.flotilla.wire.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Findings for people and for machines.
public record Report(List<Finding> findings) {
  public static final int SOUND = 0;
  public static final int ERRORS = 1;
  public static final int WARNINGS = 3;

  private static final int WIDTH = 14;
  private static final String INDENT = " ".repeat(WIDTH + 9);

  /// [#ERRORS] where there is an error or something could not be looked at, [#WARNINGS] where there
  /// are only warnings.
  public int exitCode() {
    if (findings.stream().anyMatch(Report::isBad)) {
      return ERRORS;
    }
    return findings.stream().anyMatch(Finding.Trouble.class::isInstance) ? WARNINGS : SOUND;
  }

  private static boolean isBad(Finding finding) {
    return switch (finding) {
      case Finding.Trouble trouble -> trouble.severity() == Severity.ERROR;
      case Finding.Unknown _ -> true;
      case Finding.Sound _, Finding.Repaired _ -> false;
    };
  }

  public String words() {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      switch (finding) {
        case Finding.Sound(var check, var what) -> line(text, check, "ok", what);
        case Finding.Unknown(var check, var what) -> line(text, check, "unknown", what);
        case Finding.Repaired(var check, var what) -> line(text, check, "repaired", what);
        case Finding.Trouble trouble -> {
          line(text, trouble.check(), word(trouble), trouble.what());
          text.append(INDENT).append("why: ").append(trouble.why()).append('\n');
          text.append(INDENT).append("do:  ").append(trouble.remedy()).append('\n');
          if (trouble.repair() != null) {
            text.append(INDENT).append("     or let --repair do it\n");
          }
        }
      }
    }
    return text.append(verdict()).append('\n').toString();
  }

  public String json() {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("sound", exitCode() == SOUND);
    answer.put("findings", findings.stream().map(Report::shown).toList());
    return Json.text(answer) + "\n";
  }

  private static Map<String, Object> shown(Finding finding) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("check", finding.check());
    switch (finding) {
      case Finding.Sound(_, var what) -> put(shown, "ok", what);
      case Finding.Unknown(_, var what) -> put(shown, "unknown", what);
      case Finding.Repaired(_, var what) -> put(shown, "repaired", what);
      case Finding.Trouble trouble -> {
        put(shown, word(trouble).toLowerCase(Locale.ROOT), trouble.what());
        shown.put("why", trouble.why());
        shown.put("remedy", trouble.remedy());
        shown.put("repairable", trouble.repair() != null);
      }
    }
    return shown;
  }

  private static void put(Map<String, Object> shown, String status, String what) {
    shown.put("status", status);
    shown.put("what", what);
  }

  private static String word(Finding.Trouble trouble) {
    return trouble.severity().name();
  }

  private static void line(StringBuilder text, String check, String status, String what) {
    text.append(padded(check, WIDTH)).append(padded(status, 9)).append(what).append('\n');
  }

  private static String padded(String word, int width) {
    return word + " ".repeat(Math.max(1, width - word.length()));
  }

  private String verdict() {
    long wrong = findings.stream().filter(Finding.Trouble.class::isInstance).count();
    long unknown = findings.stream().filter(Finding.Unknown.class::isInstance).count();
    if (wrong + unknown == 0) {
      return "The fleet is sound.";
    }
    return "Wrong: " + wrong + (unknown == 0 ? "." : ", not looked at: " + unknown + ".");
  }
}
