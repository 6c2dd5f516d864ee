package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.NodeFile;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;

/// Whether the files can be used, and who can read the secrets in them.
public record ConfigurationCheck() implements Check {
  private static final Pattern SECRET =
      Pattern.compile("(?m)(?:^|[{,])\\s*(secret|password|key|authToken)\\s*:\\s*[^\\s#]");
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.GROUP_READ);
  private static final String OWNER_ONLY = "rw-------";

  @Override
  public void examine(Patient patient, Findings found) throws IOException {
    for (NodeFile file : patient.files()) {
      for (String problem : file.problems()) {
        found.error(
            problem,
            "no node starts with " + file.path() + ".",
            "correct it, and see all settings with `flotilla config doc`");
      }
      if (Files.isReadable(file.path()) && isOpen(file.path())) {
        open(file.path(), found);
      }
    }
    found.elseSound(patient.files().size() + " files can be used");
  }

  private static void open(Path file, Findings found) {
    found.trouble(
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
