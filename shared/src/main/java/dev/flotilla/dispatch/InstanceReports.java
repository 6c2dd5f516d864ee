package dev.flotilla.dispatch;

import java.util.List;

/// The newest report of every instance that somebody watches.
public record InstanceReports(List<InstanceReport> reports) {}
