package dev.flotilla.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The configuration tree as a commented YAML file with every default: `conf/flotilla.yaml`.
public final class ConfigDoc {
  private static final int WIDTH = 96;
  private static final String HEAD =
      """
      # Settings of a Flotilla node, with their defaults. Printed by: flotilla config doc
      #
      # Settings without a default are commented out; "required" ones must be set here or as a
      # variable. The variable of a setting wins over this file: gateway.maxQueuedBytes is
      # FLOTILLA_GATEWAY_MAX_QUEUED_BYTES. Durations are written 500ms, 30s, 5m, 24h or 7d; sizes are
      # bytes. Unknown settings are errors. Check a file with: flotilla config check FILE
      #
      # A secret can be in a file of its own, which FLOTILLA_..._FILE names. What is marked "Live"
      # changes while the node runs: change this file and send the process SIGHUP.
      """;

  private static final String LIVE = " Live.";

  private ConfigDoc() {}

  public static String yaml() {
    StringBuilder out = new StringBuilder(HEAD);
    for (RecordComponent group : FleetConfig.class.getRecordComponents()) {
      out.append('\n');
      comment(out, "", group.getAnnotation(Key.class).doc());
      out.append(group.getName()).append(":\n");
      settings(out, group, "  ");
    }
    return out.toString();
  }

  private static void settings(StringBuilder out, RecordComponent group, String indent) {
    JsonNode defaults = ConfigLoader.defaults(group);
    for (RecordComponent setting : group.getType().getRecordComponents()) {
      if (setting.getType().isRecord() && setting.getType() != Secret.class) {
        comment(out, indent, setting.getAnnotation(Key.class).doc());
        out.append(indent).append(setting.getName()).append(":\n");
        settings(out, setting, indent + "  ");
      } else {
        setting(out, setting, defaults.path(setting.getName()), indent);
      }
    }
  }

  private static void setting(
      StringBuilder out, RecordComponent setting, JsonNode inherited, String indent) {
    Key key = setting.getAnnotation(Key.class);
    comment(out, indent, key.doc() + also(key) + (key.live() ? LIVE : ""));
    String value = inherited.isMissingNode() ? key.value() : inherited.asText();
    if (!value.isEmpty()) {
      out.append(indent).append(setting.getName()).append(": ").append(value).append('\n');
      return;
    }
    boolean required = !ConfigLoader.isNullable(setting) && !setting.getName().equals("password");
    out.append(indent)
        .append("# ")
        .append(setting.getName())
        .append(':')
        .append(required ? "  (required)" : "")
        .append('\n');
  }

  private static String also(Key key) {
    return key.alias().isEmpty() ? "" : " Also the variable " + key.alias() + ".";
  }

  private static void comment(StringBuilder out, String indent, String text) {
    for (String line : wrap(text, WIDTH - indent.length())) {
      out.append(indent).append("# ").append(line).append('\n');
    }
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : Arrays.asList(text.split(" ", -1))) {
      if (line.length() + word.length() + 1 > width && !line.isEmpty()) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
