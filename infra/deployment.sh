# Functions for deploy.sh, remove.sh and rotate.sh, to find the deployment. Sourced, not run.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# target ARGUMENTS...: sets place, stack, region, and rest (the other arguments).
target() {
  place=${1:-}
  stack=usage
  region=${AWS_REGION:-${AWS_DEFAULT_REGION:-us-east-1}}
  rest=()
  case $place in
    aws | localstack) shift ;;
    -h | --help) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;;
    *) fail "The first argument must be aws or localstack; see infra/$(basename "$0") --help." ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      --stack | --region)
        [ $# -ge 2 ] || fail "$1 needs a value."
        [ "$1" = --stack ] && stack=$2 || region=$2
        shift 2 ;;
      *) rest+=("$1"); shift ;;
    esac
  done
  [[ $stack =~ ^[a-zA-Z][a-zA-Z0-9-]{0,39}$ ]] || fail "--stack must be a name of at most 40 letters, digits and dashes that begins with a letter, not $stack."
  [[ $region =~ ^[a-z]{2}(-[a-z]+)+-[0-9]$ ]] || fail "--region must be a region such as eu-central-1, not $region."
}

# connect: checks that the AWS CLI is installed, configured and gets an answer. Sets account.
connect() {
  command -v aws >/dev/null || fail "The AWS CLI is missing. Install it (https://aws.amazon.com/cli/) and start again."
  export AWS_DEFAULT_REGION=$region AWS_REGION=$region AWS_PAGER=
  if [ "$place" = localstack ]; then
    export AWS_ENDPOINT_URL=${AWS_ENDPOINT_URL:-http://localhost:4566}
    export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-test} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-test}
    account=$(aws sts get-caller-identity --query Account --output text --cli-connect-timeout 5 2>/dev/null) \
      || fail "LocalStack does not answer at $AWS_ENDPOINT_URL. Start it with: docker compose -f infra/localstack/compose.yaml up --detach --wait"
  else
    account=$(aws sts get-caller-identity --query Account --output text 2>/dev/null) \
      || fail "AWS refuses the configured credentials. Set AWS_PROFILE, or run: aws configure"
  fi
}

# bucket: the name of the bucket for packages, one per account and region.
bucket() { printf 'usage-collector-%s-%s\n' "$account" "$region"; }

# failures: the first resource that failed in the stack's last operation, with CloudFormation's reason. Later failures
# are only consequences. CloudFormation lists the newest event first.
failures() {
  aws cloudformation describe-stack-events --stack-name "$stack" --output text \
    --query "StackEvents[].[LogicalResourceId, ResourceStatus, ResourceStatusReason]" 2>/dev/null | awk -F '\t' -v stack="$stack" '
      $1 == stack && $2 ~ /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/ { exit }
      $2 !~ /FAILED$/ || $3 ~ /cancelled/ { next }
      { name = $1 == stack ? "The stack" : $1; has = $3 != "" && $3 != "None" }
      $1 == stack { whole = has ? name ": " $3 : ""; next }
      has { with = name ": " $3; next }
      { without = name ": it failed; CloudFormation gives no reason" }
      END { print with ? with : whole ? whole : without ? without : "CloudFormation names no resource that failed." }' >&2
}
