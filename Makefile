# The menu. Every verb is also what CI calls.
MVN ?= mvn -B -q
.DEFAULT_GOAL := help

.PHONY: help up test lint format unit it e2e live bench wire reference clean

help: ## show this menu
	@grep -E '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

up: ## start a fleet of three nodes on this machine
	./flotilla up --nodes 3

test: ## build everything and run every test
	$(MVN) verify

lint: ## check format, warnings, null-safety, dependency rules, generated files
	$(MVN) test -Dtest='ArchitectureTest,FormatTest,ReferenceTest,ConfigDocTest' -Dsurefire.failIfNoSpecifiedTests=false

format: ## rewrite every Java file in the one format
	$(MVN) test -pl fleet -am -Dtest=FormatTest -Dformat.write=true -Dsurefire.failIfNoSpecifiedTests=false

unit: ## tests without network or stores
	$(MVN) test

it: ## tests against real embedded stores, module by module
	$(MVN) verify -pl shared,gateway-verticle,command-verticle,registry-verticle

e2e: ## tests against real fleets of three processes
	$(MVN) verify -Dtest='NoUnitTest' -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='**/e2e/*IT' -Dfailsafe.failIfNoSpecifiedTests=false

live: ## tests against real OpenClaw gateways, installed from npm
	REQUIRE_LIVE=1 $(MVN) verify -Dtest='NoUnitTest' -Dsurefire.failIfNoSpecifiedTests=false -Dit.test='Live*IT' -Dfailsafe.failIfNoSpecifiedTests=false

bench: ## measure a running fleet
	./flotilla bench

wire: ## measure one node at the wire, beside nats-server, nginx with nchan and a bare Vert.x server
	./flotilla bench wire

reference: ## rewrite the generated pages of docs/ and conf/
	$(MVN) test -pl fleet -am -Dtest='ReferenceTest,ConfigDocTest' -Dreference.write=true -Dsurefire.failIfNoSpecifiedTests=false

clean: ## remove what builds have made; data stays
	$(MVN) clean
