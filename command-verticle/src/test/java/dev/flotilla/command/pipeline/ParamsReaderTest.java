package dev.flotilla.command.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.wire.RawJson;
import org.junit.jupiter.api.Test;

class ParamsReaderTest {
  private final ParamsReader reader = new ParamsReader();

  @Test
  void aBadValueOfAKnownFieldIsNotCalledAnUnknownField() {
    Fault fault = refusal("{\"prompt\":\"hi\",\"priority\":\"urgent\"}");
    assertThat(fault.field()).isEqualTo("priority");
    assertThat(fault.message()).contains("critical").doesNotContain("There is no field");
  }

  @Test
  void anUnknownFieldIsNamedAlsoBesideABadValue() {
    Fault fault = refusal("{\"prompt\":7,\"colour\":\"red\"}");
    assertThat(fault.field()).isEqualTo("colour");
    assertThat(fault.message()).isEqualTo("There is no field 'colour' here.");
  }

  @Test
  void aMissingFieldIsNamed() {
    assertThat(refusal("{}").field()).isEqualTo("prompt");
  }

  @Test
  void aValueInsideAListIsNamedByItsPlace() {
    assertThat(refusal("{\"prompt\":\"hi\",\"labels\":[\"a\",\"\"]}").field())
        .isEqualTo("labels.1");
  }

  private Fault refusal(String params) {
    return catchThrowableOfType(
            FaultException.class, () -> reader.check(CommandKind.TASK_CREATE, new RawJson(params)))
        .fault();
  }
}
