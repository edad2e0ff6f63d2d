# Sourced by ./banyan and ./mvnw: finds a JDK 25 or newer and sets JAVA_HOME, or says what is missing and exits 69.

banyan_jdk_feature() { # the feature release of the JDK in $1, or nothing
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -f "$1/release" ] || return 0
  sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

banyan_find_jdk() {
  local want=25 candidate feature seen=""
  local on_path=""
  if command -v javac >/dev/null 2>&1; then
    on_path=$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")
  fi
  for candidate in "${BANYAN_JAVA_HOME:-}" "${JAVA_HOME:-}" "$on_path" \
      /usr/lib/jvm/* /opt/java/* /opt/jdk* /usr/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    [ -n "$candidate" ] && [ -d "$candidate" ] || continue
    feature=$(banyan_jdk_feature "$candidate")
    [ -n "$feature" ] || continue
    if [ "$feature" -ge "$want" ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
    seen="$seen $candidate (Java $feature)"
  done
  {
    echo "banyanmq: needs a JDK $want or newer, found none."
    [ -n "$seen" ] && echo "  too old:$seen"
    echo "  looked at JAVA_HOME, the javac on the PATH, and /usr/lib/jvm and its like."
    echo "  Install one (Debian: temurin-25-jdk or openjdk-25-jdk), or set JAVA_HOME to it."
  } >&2
  return 69
}
