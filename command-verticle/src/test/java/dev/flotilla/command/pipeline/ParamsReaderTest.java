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
    assertThat(fault.message()).isEqualTo("priority is one of critical, high, medium, low.");
  }

  @Test
  void anUnknownFieldIsNamedBesideThoseThatThereAreAlsoBesideABadValue() {
    Fault fault = refusal("{\"prompt\":7,\"colour\":\"red\"}");
    assertThat(fault.field()).isEqualTo("colour");
    assertThat(fault.message())
        .startsWith("There is no field 'colour' here; there are ")
        .contains(" prompt, ", " priority, ");
  }

  @Test
  void anUnknownFieldInsideAnotherIsNamedBesideThoseOfItsOwner() {
    Fault fault = refusal("{\"prompt\":\"hi\",\"retry\":{\"colour\":\"red\"}}");
    assertThat(fault.field()).isEqualTo("retry.colour");
    assertThat(fault.message())
        .startsWith("There is no field 'retry.colour' here; there are ")
        .doesNotContain("prompt");
  }

  @Test
  void aMissingFieldIsNamed() {
    Fault fault = refusal("{}");
    assertThat(fault.field()).isEqualTo("prompt");
    assertThat(fault.message()).isEqualTo("prompt is missing.");
  }

  @Test
  void aValueInsideAListIsNamedByItsPlace() {
    assertThat(refusal("{\"prompt\":\"hi\",\"labels\":[\"a\",\"\"]}").field())
        .isEqualTo("labels.1");
  }

  @Test
  void aFieldWithoutANameIsUnknown() {
    assertThat(refusal("{\"prompt\":\"hi\",\"\":1}").message()).startsWith("There is no field ''");
  }

  private Fault refusal(String params) {
    return catchThrowableOfType(
            FaultException.class, () -> reader.check(CommandKind.TASK_CREATE, new RawJson(params)))
        .fault();
  }
}
