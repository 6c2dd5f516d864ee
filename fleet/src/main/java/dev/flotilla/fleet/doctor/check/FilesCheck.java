package dev.flotilla.fleet.doctor.check;

import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;

/// How many files, and so sockets, a node may open.
public record FilesCheck() implements Check {
  private static final long FEW = 4_096;
  private static final long ENOUGH = 16_384;
  private static final double FULL = 0.8;
  private static final String REMEDY =
      "raise it for the process: LimitNOFILE=1048576 in the systemd unit, `ulimit -n` in a shell";

  @Override
  public void examine(Patient patient, Findings found) {
    long least = Long.MAX_VALUE;
    for (NodeState node : patient.survey().answered()) {
      Long most = node.maxFiles();
      Long open = node.openFiles();
      if (most == null || open == null) {
        continue;
      }
      least = Math.min(least, most);
      if (open > FULL * most) {
        found.error(
            "node " + node.id() + " has " + open + " of " + most + " files open",
            "each socket is a file: soon nobody can connect.",
            REMEDY);
      } else if (most < ENOUGH) {
        few(node, most, found);
      }
    }
    if (least == Long.MAX_VALUE) {
      found.elseUnknown("no node says how many files it may open");
    }
    found.elseSound("each node may open at least " + least + " files");
  }

  private static void few(NodeState node, long most, Findings found) {
    String what = "node " + node.id() + " may open " + most + " files only";
    String why = "each socket is a file: with " + most + " sessions the node is full.";
    if (most < FEW) {
      found.error(what, why, REMEDY);
    } else {
      found.warning(what, why, REMEDY);
    }
  }
}
