package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.machine.CpuUse;
import java.util.Map;

/// One measurement of one system.
///
/// @param details what else was seen in it, by name
public record Run(
    Measure measure, String system, double value, CpuUse cpu, Map<String, Double> details) {}
