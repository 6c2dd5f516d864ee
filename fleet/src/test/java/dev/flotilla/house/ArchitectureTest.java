package dev.flotilla.house;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The dependency rule and the habits that rot first, on the classes of every module.
class ArchitectureTest {
  private static final String ROOT = "dev.flotilla.";
  private static final List<String> VERTICLES = List.of("gateway", "command", "registry");
  private static final List<String> FORBIDDEN =
      List.of(
          "Manager",
          "Service",
          "Impl",
          "Helper",
          "Util",
          "Utils",
          "Base",
          "Abstract",
          "Processor",
          "Data",
          "Info");

  private static JavaClasses house;

  @BeforeAll
  static void readEveryModule() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            // The test jars on the class path are tests, too.
            .withImportOption(location -> !location.contains("tests.jar"))
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("dev.flotilla");
    assertThat(house).hasSizeGreaterThan(80);
  }

  @Test
  void verticleModulesDoNotKnowEachOther() {
    for (String verticle : VERTICLES) {
      String[] others =
          VERTICLES.stream()
              .filter(other -> !other.equals(verticle))
              .map(other -> ROOT + other + "..")
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + verticle + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others)
          .allowEmptyShould(true)
          .check(house);
    }
  }

  @Test
  void nothingKnowsTheFleetModule() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "fleet..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "fleet..")
        .check(house);
  }

  @Test
  void theVocabularyKnowsNoVerticle() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + "fleet..", ROOT + "gateway..", ROOT + "command..", ROOT + "registry..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "gateway..", ROOT + "command..", ROOT + "registry..")
        .check(house);
  }

  @Test
  void roomsOfAModuleFormNoCycle() {
    for (String module : List.of("fleet", "gateway", "command", "registry")) {
      slices()
          .matching(ROOT + module + ".(*)..")
          .should()
          .beFreeOfCycles()
          // The router of commands names every handler, and each handler knows the pipeline.
          .ignoreDependency(name("dev.flotilla.command.pipeline.Handlers"), alwaysTrue())
          // What an instance is, as a value, is common knowledge of its module.
          .ignoreDependency(alwaysTrue(), name("dev.flotilla.registry.instance.Instance"))
          .allowEmptyShould(true)
          .check(house);
    }
  }

  @Test
  void onlyTheBusPackageTouchesTheEventBus() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "bus..")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(EventBus.class)
        .check(house);
  }

  @Test
  void embeddedServersAreForTheLauncherOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "embedded..", ROOT + "fleet.up..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "embedded..")
        .check(house);
  }

  @Test
  void blockingDriversStayAtTheEdges() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "embedded..", ROOT + "store..", ROOT + "fleet..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.sql..")
        .check(house);
  }

  @Test
  void nothingSleepsButWhatWaitsForProcesses() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "embedded..", ROOT + "fleet.up..")
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(house);
  }

  @Test
  void classesAreNamedAfterWhatTheyAre() {
    classes()
        .should()
        .haveSimpleNameNotContaining("Manager")
        .andShould(
            com.tngtech.archunit.lang.conditions.ArchConditions.not(
                com.tngtech.archunit.lang.conditions.ArchConditions.be(
                    new DescribedPredicate<JavaClass>("named by a forbidden suffix") {
                      @Override
                      public boolean test(JavaClass type) {
                        return FORBIDDEN.stream().anyMatch(type.getSimpleName()::endsWith);
                      }
                    })))
        .check(house);
  }

  @Test
  void thereAreNoAbstractClassesOfOurOwn() {
    noClasses()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .should()
        .haveModifier(ABSTRACT)
        .check(house);
  }
}
