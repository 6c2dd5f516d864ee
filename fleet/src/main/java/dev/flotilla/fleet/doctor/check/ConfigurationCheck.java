package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import dev.flotilla.fleet.doctor.NodeFile;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether the files can be used, and who can read the secrets in them.
public record ConfigurationCheck() implements Check {
  private static final String NAME = "configuration";
  private static final Pattern SECRET =
      Pattern.compile("(?m)(?:^|[{,])\\s*(secret|password|key|authToken)\\s*:\\s*[^\\s#]");
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.GROUP_READ);
  private static final String OWNER_ONLY = "rw-------";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) throws IOException {
    List<Finding> findings = new ArrayList<>();
    for (NodeFile file : patient.files()) {
      for (String problem : file.problems()) {
        findings.add(
            Finding.error(
                NAME,
                problem,
                "no node starts with " + file.path() + ".",
                "correct it, and see all settings with `flotilla config doc`"));
      }
      if (Files.isReadable(file.path()) && isOpen(file.path())) {
        findings.add(open(file.path()));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.sound(NAME, patient.files().size() + " files can be used"))
        : findings;
  }

  private static Finding open(Path file) {
    return new Trouble(
        NAME,
        Severity.WARNING,
        file + " has secrets in it and can be read by others than its owner",
        "who has identity.secret can sign a token for anybody.",
        "chmod 600 " + file + ", or keep secrets in files of their own (FLOTILLA_..._FILE)",
        () -> Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER_ONLY)));
  }

  private static boolean isOpen(Path file) throws IOException {
    return Files.getFileStore(file).supportsFileAttributeView("posix")
        && !Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)
        && SECRET.matcher(Files.readString(file)).find();
  }
}
