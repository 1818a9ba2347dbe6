#!/usr/bin/env bash
# Replaces the operator key or the fingerprint secret of a deployment in two steps. Between them, the old and the new value are valid.
#   infra/rotate.sh operator-key|fingerprint-secret aws|localstack [--stack NAME] [--region REGION] [--finish]
# Without --finish, a new value is created and the old one stays valid. With --finish, the old one is discarded.
# docs/rotation.md says when to run each step, and what happens to data that was stored under the old secret.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/deployment.sh"

usage="usage: infra/rotate.sh operator-key|fingerprint-secret aws|localstack [--stack NAME] [--region REGION] [--finish]"
case ${1:-} in
  operator-key) resource=OperatorKey parameter=OperatorKeyVersion length=40 ;;
  fingerprint-secret) resource=FingerprintSecret parameter=FingerprintSecretVersion length=64 ;;
  -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
  *) fail "The first argument must be operator-key or fingerprint-secret. $usage" ;;
esac
what=$1
shift
finish=false
target "$@"
for argument in ${rest[@]+"${rest[@]}"}; do
  [ "$argument" = --finish ] || fail "$argument is not an option. $usage"
  finish=true
done
connect

secret=$(aws cloudformation describe-stack-resource --stack-name "$stack" --logical-resource-id "$resource" \
  --query StackResourceDetail.PhysicalResourceId --output text 2>/dev/null) \
  || fail "The stack $stack does not exist in $region. Name another one with --stack or --region."
value=$(aws secretsmanager get-secret-value --secret-id "$secret" --query SecretString --output text) \
  || fail "The secret cannot be read. You need secretsmanager:GetSecretValue."
current=${value%%,*}
[ "$value" = "$current" ] && both=false || both=true
if $finish; then
  $both || fail "There is no old $what to discard: no rotation of $stack is running."
  next=$current
else
  ! $both || fail "A rotation is running. Finish it first: infra/rotate.sh $what $place --stack $stack --region $region --finish"
  made=$(aws secretsmanager get-random-password --password-length "$length" --exclude-punctuation --query RandomPassword --output text) \
    || fail "No new value could be created. You need secretsmanager:GetRandomPassword."
  if [ "$what" = fingerprint-secret ]; then
    # The format is version:secret. A secret without a version has version 1.
    case $current in *:*) ;; *) current=1:$current ;; esac
    made=$((${current%%:*} + 1)):$made
    [ "${made%%:*}" -le 255 ] || fail "The version of a fingerprint secret cannot exceed 255."
  fi
  next=$made,$current
fi

# Passed in a file that only its owner can read: everyone on the machine can see arguments.
file=$(mktemp)
trap 'rm -f "$file"' EXIT
printf '%s' "$next" >"$file"
version=$(aws secretsmanager put-secret-value --secret-id "$secret" --secret-string "file://$file" --query VersionId --output text) \
  || fail "The secret could not be written. You need secretsmanager:PutSecretValue."

# All other parameters keep their values; this one changes the reference to the secret, so CloudFormation reads it again.
parameters=("ParameterKey=$parameter,ParameterValue=$version")
for name in $(aws cloudformation describe-stacks --stack-name "$stack" --query "Stacks[0].Parameters[].ParameterKey" --output text); do
  [ "$name" = "$parameter" ] || parameters+=("ParameterKey=$name,UsePreviousValue=true")
done
update() {
  aws cloudformation update-stack --stack-name "$stack" --use-previous-template --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND \
    --parameters "${parameters[@]}" && aws cloudformation wait stack-update-complete --stack-name "$stack"
}
progress "Giving the functions of $stack the new value" update \
  || { failures; fail "The secret is written, but the functions do not have it yet. Correct the problem above and deploy with: --parameter $parameter=$version"; }
if $finish; then
  echo "The old $what of $stack is no longer valid."
else
  echo "$stack has a new $what; the old one is still valid. When it is no longer needed: infra/rotate.sh $what $place --stack $stack --region $region --finish"
fi
