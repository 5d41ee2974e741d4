#!/bin/sh
# What the alert rules cost: 16 runs x 60 iterations/s, with the records of a stored run. Arguments: stored run (default
# vgg38-bn-resnet), seconds (default 60). Needs `./mvnw -q package -pl telemetry -am -DskipTests`.
cd "$(dirname "$0")/../telemetry" || exit 1
exec java -Xmx512m -cp "target/test-classes:target/classes:target/lib/*" io.gradwatch.telemetry.backtest.RulesCost \
  "${1:-vgg38-bn-resnet}" "${2:-60}"
