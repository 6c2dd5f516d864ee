package dev.flotilla.config;

import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.TenantId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A rule of `ingest.rules`: what is said on the channel is an event on the tenant's topic.
///
/// @param channel of Redis, or a pattern in the manner of Redis where it has a `*`, `?` or `[`
public record IngestRoute(String channel, TenantId tenant, Topic topic) {
  private static final String KEY = "ingest.rules";
  private static final int MAX_RULES = 1000;
  private static final Pattern FORM = Pattern.compile("(\\S+)\\s*->\\s*([^/\\s]+)/(\\S+)");
  private static final Pattern GLOB = Pattern.compile(".*[*?\\[].*");
  private static final Set<TopicFamily> OPEN =
      EnumSet.of(TopicFamily.CUSTOM, TopicFamily.SYSTEM, TopicFamily.ALERTS, TopicFamily.AGENTS);

  /// True where the channel is a pattern.
  public boolean isPattern() {
    return GLOB.matcher(channel).matches();
  }

  static List<IngestRoute> parse(List<String> rules) {
    Check.that(rules.size() <= MAX_RULES, KEY, "has at most " + MAX_RULES + " rules");
    List<IngestRoute> routes = rules.stream().map(IngestRoute::parse).toList();
    Set<IngestRoute> seen = new HashSet<>();
    routes.forEach(route -> Check.that(seen.add(route), KEY, "has '" + route + "' twice"));
    return routes;
  }

  private static IngestRoute parse(String rule) {
    Matcher matcher = FORM.matcher(rule.strip());
    Check.that(matcher.matches(), KEY, "'" + rule + "' must look like 'channel -> tenant/topic'");
    try {
      IngestRoute route =
          new IngestRoute(
              matcher.group(1), new TenantId(matcher.group(2)), Topic.parse(matcher.group(3)));
      Check.that(
          OPEN.contains(route.topic().family()),
          KEY,
          "'" + rule + "' names a topic that only the fleet itself feeds");
      return route;
    } catch (FaultException refused) {
      throw new Check.Problem(KEY, "'" + rule + "': " + refused.fault().message());
    }
  }

  @Override
  public String toString() {
    return channel + " -> " + tenant + "/" + topic;
  }
}
