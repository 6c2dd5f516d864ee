package dev.flotilla.fleet.bench.wire;

/// What is measured, in the order of the report.
public enum Measure {
  FAN_OUT_1("fan-out, 1 in flight", "deliveries/s", true),
  FAN_OUT_64("fan-out, 64 in flight", "deliveries/s", true),
  PACED_P99("publish to delivery, p99 at a fixed rate", "ms", false),
  REQUESTS("requests, 50 connections", "round trips/s", true),
  IDLE_HEAP("idle session, heap", "bytes", false),
  IDLE_RSS("idle session, RssAnon", "bytes", false),
  IDLE_CPU("idle sessions, CPU between pings", "cores", false),
  IDLE_CPU_PINGED("idle sessions, CPU with pings and ticks", "cores", false);

  private final String title;
  private final String unit;
  private final boolean moreIsBetter;

  Measure(String title, String unit, boolean moreIsBetter) {
    this.title = title;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
  }

  public String title() {
    return title;
  }

  public String unit() {
    return unit;
  }

  public boolean moreIsBetter() {
    return moreIsBetter;
  }
}
