package dev.flotilla.fleet.cli;

import picocli.CommandLine.IVersionProvider;

/// The version of the build, and of the Java that runs it.
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    String version = Main.class.getPackage().getImplementationVersion();
    return new String[] {
      "flotilla "
          + (version == null ? "(unpackaged)" : version)
          + " on Java "
          + Runtime.version().feature()
    };
  }
}
