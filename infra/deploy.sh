#!/usr/bin/env bash
# Deploys the collector: checks the parameters, publishes, packages, deploys, tests the deployment and prints its addresses.
#   infra/deploy.sh aws|localstack [--stack NAME] [--region REGION] [--parameter Name=Value]... [--functions FOLDER]
# --parameter sets a parameter of template.yaml; --functions deploys a folder that infra/publish.sh wrote, without publishing again.
# For LocalStack, AWS_ENDPOINT_URL is its address (default: http://localhost:4566).
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/deployment.sh"

target "$@"
functions=
parameters=(Target="$place")
# On LocalStack, the data may be deleted, and counts should appear soon.
[ "$place" = aws ] || parameters+=(DeletionProtection=false AggregationWindowSeconds=1 AnonymousWindowSeconds=1)
architecture=$(uname -m)
architecture=${architecture/aarch64/arm64}
given=()
set -- ${rest[@]+"${rest[@]}"}
while [ $# -gt 0 ]; do
  case $1 in
    --parameter | --functions)
      [ $# -ge 2 ] || fail "$1 needs a value."
      case "$1 $2" in
        "--functions "*) functions=$2 ;;
        "--parameter Architecture="*) architecture=${2#*=} ;;
        *) given+=("$2") ;;
      esac
      shift 2 ;;
    *) fail "$1 is not an option; infra/deploy.sh --help lists them." ;;
  esac
done
# The parameter must name the processor for which the functions are published.
parameters+=(Architecture="$architecture" ${given[@]+"${given[@]}"})

# Checks the parameters as CloudFormation would, but before any call to AWS.
need_dotnet
# Tests name an existing build in COLLECTOR_LOCAL.
local=${COLLECTOR_LOCAL:-}
if [ -z "$local" ]; then
  progress "Building" build "$root/infra/Local/Local.csproj" || exit 1
  local=$root/infra/Local/bin/Release/net10.0/local
fi
checked=()
for parameter in "${parameters[@]}"; do checked+=(--parameter "$parameter"); done
"$local" check --template "$root/template.yaml" "${checked[@]}" || fail "Nothing was deployed. Correct the --parameter above and start again."
connect

if [ -z "$functions" ]; then
  "$root/infra/publish.sh" --architecture "$architecture" || exit 1
elif [ ! -x "$functions/bootstrap" ]; then
  fail "$functions contains no bootstrap. Publish one with: infra/publish.sh $functions"
elif [ "$(realpath "$functions")" != "$(realpath -m "$root/artifacts/functions")" ]; then
  rm -rf "$root/artifacts/functions"
  mkdir -p "$root/artifacts"
  cp -a "$functions" "$root/artifacts/functions"
fi

make_bucket() {
  aws s3api head-bucket --bucket "$(bucket)" 2>/dev/null && return
  aws s3 mb "s3://$(bucket)" || return 1
  aws s3api put-public-access-block --bucket "$(bucket)" \
    --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
}
package() {
  aws cloudformation package --template-file "$root/template.yaml" --s3-bucket "$(bucket)" --s3-prefix "$stack" \
    --use-json --output-template-file "$root/artifacts/packaged.full.json" || return 1
  dense_json <"$root/artifacts/packaged.full.json" >"$root/artifacts/packaged.json"
}
deploy() {
  aws cloudformation deploy --stack-name "$stack" --template-file "$root/artifacts/packaged.json" --no-fail-on-empty-changeset \
    --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --parameter-overrides "${parameters[@]}"
}
output() {
  aws cloudformation describe-stacks --stack-name "$stack" --output text --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue" | sed '/^None$/d'
}
# physical LOGICAL_ID: the physical ID of a resource of the stack.
physical() {
  aws cloudformation describe-stack-resource --stack-name "$stack" --logical-resource-id "$1" --query StackResourceDetail.PhysicalResourceId --output text
}

progress "Preparing the bucket $(bucket)" make_bucket || fail "The bucket $(bucket) could not be created; the lines above say why."
progress "Packaging" package || fail "The package could not be uploaded; the lines above say why."
progress "Deploying the stack $stack in $region" deploy || { failures; fail "The stack $stack could not be deployed; the lines above say why."; }

if [ "$place" = aws ]; then
  url=$(output ApiUrl)
  api=$(output AnalyticsApi)
else
  # Uses the address at which LocalStack answered, so that no other host name has to be resolved.
  url=${AWS_ENDPOINT_URL%/}/_aws/execute-api/$(physical Api)/v1
  api=$url
fi
secret=$(physical OperatorKey)
OPERATOR_KEY=$(aws secretsmanager get-secret-value --secret-id "$secret" --query SecretString --output text) \
  || fail "The stack is deployed, but its operator key cannot be read. You need secretsmanager:GetSecretValue for the smoke test."
# During a rotation there are two keys; the new one comes first.
OPERATOR_KEY=${OPERATOR_KEY%%,*}
export OPERATOR_KEY
"$root/infra/smoke.sh" "$url" 300 || fail "The stack $stack is deployed, but does not work correctly; see the line above."
echo
for line in "ApiUrl=$url" "AnalyticsApi=$api" "DashboardUrl=$api/" "OperatorKeyCommand=$(output OperatorKeyCommand)" "DomainTarget=$(output DomainTarget)"; do
  [ -z "${line#*=}" ] || printf '%-20s %s\n' "${line%%=*}" "${line#*=}"
done
