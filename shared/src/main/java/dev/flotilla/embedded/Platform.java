package dev.flotilla.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// How the server binaries of this machine's kind are named.
final class Platform {
  private Platform() {}

  static String redisName() {
    return (isMac() ? "darwin" : "linux") + "-" + (isArm() ? "arm64" : "amd64");
  }

  static String postgresName() {
    String name = (isMac() ? "darwin" : "linux") + "-" + (isArm() ? "arm_64" : "x86_64");
    return Files.exists(Path.of("/etc/alpine-release")) ? name + "-alpine_linux" : name;
  }

  private static boolean isMac() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
  }

  private static boolean isArm() {
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return arch.equals("aarch64") || arch.equals("arm64");
  }
}
