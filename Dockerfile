# docker build -t ghcr.io/trimtab/trimtab:0.1.0 .
# The manifests run it with the verb serve. With another verb it is the command line:
#   docker run --rm -v "$PWD:/work" -w /work ghcr.io/trimtab/trimtab:0.1.0 preview -f service.yaml

# The cache mount of RUN needs BuildKit (Docker's default since 23.0), Podman or Buildah.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main ./src/main
COPY deploy/webhook ./deploy/webhook
# CI (.ci/run) tests the same commit and checks its formatting. Git is not sent here, so the commit is an argument.
ARG REVISION=unknown
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true -Dgit.commit.id="$REVISION" package

FROM eclipse-temurin:25-jre
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.source="https://github.com/trimtab/trimtab" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.title="Trimtab" \
      org.opencontainers.image.description="Makes model serving on KServe and Knative run the way its authors meant" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# Layers that change seldom come first: a new version of Trimtab pulls only the last two.
# root owns the files: the process can read them, not change them.
WORKDIR /opt/trimtab
COPY --from=build /build/target/quarkus-app/lib/ ./lib/
COPY --from=build /build/target/quarkus-app/*.jar ./
COPY --from=build /build/target/quarkus-app/quarkus/ ./quarkus/
COPY --from=build /build/target/quarkus-app/app/ ./app/

# JDK_JAVA_OPTIONS, not JAVA_OPTS: the java launcher itself reads it, so no shell keeps SIGTERM from the process. Set it on
# the pod to replace these options. (The launcher reports this on standard error; the output of a verb stays clean.)
# - a limit of 512 MiB gives a heap of at most 230 MiB; classes, code, threads and network buffers take up to 150 MiB on JDK 25,
#   and the compiler up to 80 MiB for some seconds
# - the serial collector and short object headers need the least memory, and are fast enough for reviews of milliseconds
# - 32 MiB for young objects: a review leaves only garbage. With 24 MiB a full load got 15 % fewer answers
# - at most a fifth of the old objects' room is free after a collection: a large cluster's lists leave garbage once, at the start
# - out of memory: end and be restarted, instead of answering only some requests
# The C library gives back what the compiler needed, and keeps one pool for all threads. (docs/performance.md, "Start, and memory")
ENV MALLOC_ARENA_MAX=1
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=45 -XX:+UseSerialGC -XX:+UseCompactObjectHeaders -XX:NewSize=32m -XX:MaxNewSize=32m \
-XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20 -XX:-ShrinkHeapInSteps -XX:TrimNativeHeapInterval=5000 -XX:+ExitOnOutOfMemoryError"

# Loaded classes, and what the compiler has learnt, from a process that serves and reviews samples (dev.trimtab.Training).
# With other options or another Java the file is left aside, and the start takes longer.
RUN TRIMTAB_CLUSTER=off java -XX:AOTCacheOutput=/opt/trimtab/trimtab.aot -Dtrimtab.training=true -Dquarkus.shutdown.delay=0s \
      -jar /opt/trimtab/quarkus-run.jar serve
ENV JDK_JAVA_OPTIONS="$JDK_JAVA_OPTIONS -XX:AOTCache=/opt/trimtab/trimtab.aot"

# A number: the kubelet checks runAsNonRoot without reading /etc/passwd.
USER 10001:10001
EXPOSE 8443 9000
ENTRYPOINT ["java", "-jar", "/opt/trimtab/quarkus-run.jar"]
