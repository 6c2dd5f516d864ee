package dev.flotilla.fleet.bench;

/// One measured number.
public record Figure(String scenario, String name, double value, String unit) {}
