#!/usr/bin/env bash
# Deletes a deployment and its data.
#   infra/remove.sh aws|localstack [--stack NAME] [--region REGION] [--delete-data]
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/deployment.sh"

delete_data=false
target "$@"
for argument in ${rest[@]+"${rest[@]}"}; do
  [ "$argument" = --delete-data ] || fail "$argument is not an option. usage: infra/remove.sh aws|localstack [--stack NAME] [--region REGION] [--delete-data]"
  delete_data=true
done
connect

protection=$(aws cloudformation describe-stacks --stack-name "$stack" --output text \
  --query "Stacks[0].Parameters[?ParameterKey=='DeletionProtection'].ParameterValue" 2>/dev/null) \
  || fail "The stack $stack does not exist in $region. Name another one with --stack or --region."
if [ "$protection" = true ]; then
  $delete_data || fail "The tables of $stack are protected from deletion. To delete them and all collected data: infra/remove.sh $place --stack $stack --delete-data"
  tables=$(aws cloudformation list-stack-resources --stack-name "$stack" --output text \
    --query "StackResourceSummaries[?ResourceType=='AWS::DynamoDB::Table'].[PhysicalResourceId]") \
    || fail "The tables of $stack could not be listed; the lines above say why."
  for table in $tables; do
    progress "Lifting the protection of $table" aws dynamodb update-table --table-name "$table" --no-deletion-protection-enabled \
      || fail "The deletion protection of $table could not be switched off; the lines above say why."
  done
fi

remove() {
  aws cloudformation delete-stack --stack-name "$stack" && aws cloudformation wait stack-delete-complete --stack-name "$stack"
}
progress "Deleting the stack $stack" remove || { failures; fail "The stack $stack could not be deleted; the lines above say why."; }
echo "$stack is deleted. Its uploaded packages remain in the bucket $(bucket)."
