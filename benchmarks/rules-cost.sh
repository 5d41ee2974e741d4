#!/bin/sh
# What the alert rules cost: 16 runs x 60 iterations/s, the records of a stored run. Needs `./mvnw package` of telemetry with
# its tests compiled. Arguments: stored run (default vgg38-bn-resnet), seconds (default 60).
cd "$(dirname "$0")/../telemetry" || exit 1
exec java -Xmx512m -cp "target/test-classes:target/classes:target/lib/*" io.gradwatch.telemetry.backtest.RulesCost \
  "${1:-vgg38-bn-resnet}" "${2:-60}"
