# Runs the Autobahn fuzzing client with the specification in the file that is its argument.
import json
import sys

# The suite asks for its version in a way that needs an installed package.
from autobahntestsuite import wstest

with open(sys.argv[1]) as spec:
    wstest.start({'mode': 'fuzzingclient'}, json.load(spec))
