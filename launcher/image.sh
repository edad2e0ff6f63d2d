# Sourced by ./banyan after jdk.sh. An *image* is a directory target/run/PRODUCT.ID that is never changed once it is
# there, so that a rebuild takes nothing away from under a running broker:
#   modules/*.jar   the module path
#   java.args       options of java that follow from where it is
#   native.args     options for the modules with native parts, for all programs but cluster-ctl
#   jdk             the release file of the JDK that it was made with
#   made            as old as the newest source that may be in it
#   *.aot, trained  ahead-of-time caches (JEP 483, 514), and that their training has been tried
# target/run/PRODUCT points at the newest one.

run=$root/target/run

banyan_say() { # one line of progress, on a terminal only
  [ ! -t 2 ] || printf '\r\033[Kbanyan: %s' "$*" >&2
}

banyan_said() { # takes that line away
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

banyan_tops() { # the modules that are the programs of product $1
  case $1 in
    broker) echo node cluster-ctl ;;
    simulation) echo simulation ;;
  esac
}

banyan_fresh() { # whether the image of product $1 is newer than every source, and made with this JDK
  local image=$run/$1 top
  [ -f "$image/java.args" ] && cmp -s "$image/jdk" "$JAVA_HOME/release" || return 1
  if [ -n "${BANYAN_NO_BUILD:-}" ]; then
    for top in $(banyan_tops "$1"); do
      [ -z "$(find "$root/modules/$top/target/module-path" "$root/modules/$top/target/" -maxdepth 1 -name '*.jar' \
        -newer "$image/java.args" -print -quit 2>/dev/null)" ] || return 1
    done
    return 0
  fi
  [ -f "$image/trained" ] && [ -z "$(find "$root/pom.xml" "$root"/modules/*/pom.xml "$root"/modules/*/src/main \
    "$root/launcher" "$root/.mvn" -newer "$image/made" -print -quit)" ]
}

banyan_ensure() { # makes the image of product $1 unless it is fresh; one launcher at a time
  local product=$1
  ! banyan_fresh "$product" || return 0
  mkdir -p "$run"
  exec 9>"$run/lock"
  if command -v flock >/dev/null 2>&1; then
    if ! flock -n 9; then
      banyan_say "waiting for the build of another launcher"
      flock 9
      banyan_said
    fi
  fi
  if ! banyan_fresh "$product"; then
    banyan_make "$product" || exit $?
  fi
  exec 9>&-
}

banyan_make() { # what fails in here returns: `set -e` does not hold inside a condition
  local product=$1 tops image top old
  tops=$(banyan_tops "$product")
  image=$run/$product.$(date +%Y%m%d%H%M%S).$$
  rm -rf "$image.part"
  mkdir -p "$image.part/modules" || return 1
  if [ -n "${BANYAN_NO_BUILD:-}" ]; then
    for top in $tops; do
      if [ ! -d "$root/modules/$top/target/module-path" ]; then
        echo "banyan: BANYAN_NO_BUILD is set, but modules/$top is not packaged; run ./banyan build" >&2
        return 69
      fi
    done
    touch -r "$root/modules/${tops##* }/target/module-path" "$image.part/made"
  else
    touch "$image.part/made" # before the build: what changes while it runs is newer
    banyan_maven "$product" $tops || {
      rm -rf "$image.part"
      return 1
    }
  fi
  for top in $tops; do
    cp "$root/modules/$top/target/module-path/"*.jar "$root/modules/$top/target/$top-"*.jar \
      "$image.part/modules/" || return 1
  done
  cp "$JAVA_HOME/release" "$image.part/jdk" \
    && banyan_native_args "$image.part/modules" >"$image.part/native.args" \
    && banyan_args "$image/modules" >"$image.part/java.args" \
    && mv "$image.part" "$image" || return 1
  if [ -z "${BANYAN_NO_BUILD:-}" ]; then
    [ "$product" != broker ] || banyan_train "$image"
    touch "$image/trained"
  fi
  ln -sfn "$(basename "$image")" "$run/$product.next" \
    && { mv -T "$run/$product.next" "$run/$product" 2>/dev/null || ln -sfn "$(basename "$image")" "$run/$product"; } \
    || return 1
  for old in "$run/$product".[0-9]*; do # running brokers keep their files open
    [ "$old" = "$image" ] || rm -rf "$old"
  done
}

banyan_maven() { # packages the modules $2… with what they need, quietly; says why if that fails
  local product=$1 log=$run/$1.log modules started=$SECONDS maven status=0 step
  shift
  modules=$(printf ',modules/%s' "$@")
  rm -rf $(printf " $root/modules/%s/target/module-path" "$@")
  "$root/mvnw" -B -f "$root/pom.xml" -pl "${modules#,}" -am package -Dmaven.test.skip=true -Denforcer.skip=true \
    -Dforbiddenapis.skip=true -Dstyle.color=never >"$log" 2>&1 </dev/null 9>&- &
  maven=$!
  trap 'kill "$maven" 2>/dev/null || true; banyan_said; exit 130' INT TERM
  if [ -t 2 ]; then
    while kill -0 "$maven" 2>/dev/null; do
      step=$(sed -n 's/^\[INFO\] Building \([^ ]*\) .*\(\[[0-9]*\/[0-9]*\]\)$/\2 \1/p' "$log" | tail -n 1)
      banyan_say "building ${step:-} ($((SECONDS - started)) s)"
      sleep 0.5
    done
  fi
  wait "$maven" || status=$?
  trap - INT TERM
  banyan_said
  [ "$status" -eq 0 ] || {
    {
      echo "banyan: the build failed; its log is $log"
      grep -E '^(\[ERROR\] [^[]|\[WARNING\] .*\.java:|banyanmq:)' "$log" \
        | grep -v -E 'Re-run Maven|To see the full|\[Help 1\]|For more information|After correcting|  mvn ' | head -n 20
    } >&2
    return 1
  }
}

banyan_args() { # the options of java for the module path $1
  cat <<END
"--module-path=$1"
--sun-misc-unsafe-memory-access=allow
-XX:+UseCompactObjectHeaders
-XX:+ExitOnOutOfMemoryError
-Xlog:disable
-Xlog:all=warning:stderr
-Xlog:aot*=off:stderr
-Xlog:cds*=off:stderr
END
}

banyan_native_args() { # the options of java for what has native parts among the modules in $1
  local jar native="" add=""
  for jar in "$1"/*.jar; do
    case $(basename "$jar") in
      ratis-bundle-*) native=$native,io.banyanmq.bundle.ratis ;;
      rocksdb-bundle-*) native=$native,io.banyanmq.bundle.rocksdb ;;
      netty-common-*) native=$native,io.netty.common ;;
      # Netty's native parts are found by name at run time, so nobody requires them.
      netty-transport-native-epoll-*-linux-x86_64.jar) add=$add,io.netty.transport.epoll.linux.x86_64 ;;
      netty-transport-native-epoll-*-linux-aarch_64.jar) add=$add,io.netty.transport.epoll.linux.aarch_64 ;;
      netty-transport-native-io_uring-*-linux-x86_64.jar) add=$add,io.netty.transport.io_uring.linux.x86_64 ;;
      netty-transport-native-io_uring-*-linux-aarch_64.jar) add=$add,io.netty.transport.io_uring.linux.aarch_64 ;;
      netty-tcnative-classes-*) add=$add,io.netty.tcnative.classes.openssl ;;
      netty-tcnative-boringssl-static-*-linux-x86_64.jar) add=$add,io.netty.internal.tcnative.openssl.linux.x86_64 ;;
      netty-tcnative-boringssl-static-*-linux-aarch_64.jar) add=$add,io.netty.internal.tcnative.openssl.linux.aarch_64 ;;
    esac
  done
  [ -z "$native" ] || echo "--enable-native-access=${native#,}"
  [ -z "$add" ] || echo "--add-modules=${add#,}"
}

banyan_jvm() { # sets the array `jvm`: how verb $1 is started from image $2
  jvm=("$JAVA_HOME/bin/java" "@$2/java.args")
  [ "$1" = ctl ] || jvm+=("@$2/native.args")
  case $1 in
    dev) jvm+=(-XX:+UseSerialGC -Xms128m -Xmx1g) ;;
    ctl | local) jvm+=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx128m) ;;
    sim) jvm+=(-XX:+UseSerialGC -Xmx1g) ;;
    node) ;; # what the machine allows; the operator narrows it with BANYAN_JVM_OPTIONS
  esac
}

banyan_exec() { # becomes the program: verb $1, module/main $2, arguments
  local verb=$1 main=$2 image cache
  shift 2
  case $verb in
    sim) image=$run/simulation ;;
    *) image=$run/broker ;;
  esac
  image=$(readlink -f "$image")
  banyan_jvm "$verb" "$image"
  case $verb in
    dev | node) cache=$image/broker.aot ;;
    *) cache=$image/$verb.aot ;;
  esac
  [ "${BANYAN_AOT:-on}" = off ] || [ ! -f "$cache" ] || jvm+=("-XX:AOTCache=$cache")
  # A `local` starts its nodes through this launcher, from what is built already.
  BANYAN_LAUNCHER=$root/banyan exec "${jvm[@]}" ${BANYAN_JVM_OPTIONS:-} -m "$main" "$@"
}

banyan_train() { # makes the ahead-of-time caches of image $1 by short runs; without one, starts are just slower
  local image=$1 work log=$run/training.log
  [ "${BANYAN_AOT:-on}" != off ] || return 0
  banyan_say "training the ahead-of-time cache"
  work=$(mktemp -d)
  : >"$log"
  banyan_jvm dev "$image"
  banyan_trained "$image/broker.aot" "$log" "$work/out" io.banyanmq.node/io.banyanmq.node.Main \
    dev --port 0 --ws-port 0 --admin-port 0 --data "$work/data"
  banyan_jvm ctl "$image"
  banyan_trained "$image/ctl.aot" "$log" "$work/out" io.banyanmq.cluster.ctl/io.banyanmq.cluster.ctl.Main \
    --admin http://127.0.0.1:9 --timeout 2 status # nothing answers there, but all the way to it is learnt
  banyan_jvm local "$image"
  banyan_trained "$image/local.aot" "$log" "$work/out" io.banyanmq.node/io.banyanmq.node.Main local status --dir "$work/none"
  rm -rf "$work"
  banyan_said
}

banyan_trained() { # runs "${jvm[@]}" until it is ready or ends, recording to $1
  local cache=$1 log=$2 out=$3 main=$4 trainee deadline=$((SECONDS + 45)) stopped=no
  shift 4
  : >"$out"
  "${jvm[@]}" "-XX:AOTCacheOutput=$cache.part" -m "$main" "$@" >"$out" 2>>"$log" </dev/null 9>&- &
  trainee=$!
  while kill -0 "$trainee" 2>/dev/null; do
    if [ "$stopped" = no ] && grep -q '^BanyanMQ ready' "$out"; then
      kill -TERM "$trainee" 2>/dev/null || true
      stopped=yes
    fi
    if [ "$SECONDS" -ge "$deadline" ]; then
      kill -KILL "$trainee" 2>/dev/null || true
    fi
    sleep 0.1
  done
  wait "$trainee" 2>/dev/null || true
  cat "$out" >>"$log"
  [ ! -f "$cache.part" ] || mv "$cache.part" "$cache"
}
