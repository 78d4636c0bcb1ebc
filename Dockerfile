# docker build -t ghcr.io/trimtab/trimtab:0.1.0 .
# The manifests give it the verb serve; with another verb it is the command line:
#   docker run --rm -v "$PWD:/work" -w /work ghcr.io/trimtab/trimtab:0.1.0 preview -f service.yaml

# The cache mount of RUN needs BuildKit (Docker's default since 23.0), Podman or Buildah.
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml ./
COPY src/main ./src/main
# Tests and formatting are CI's (.ci/run), on the same commit.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip=true package

FROM eclipse-temurin:17-jre
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Trimtab" \
      org.opencontainers.image.description="Makes model serving on KServe and Knative run the way its authors meant" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# From what changes seldom to what changes with every commit: a new version of Trimtab pulls the last two layers only.
# The files stay root's: the process can read them, not change them.
WORKDIR /opt/trimtab
COPY --from=build /build/target/quarkus-app/lib/ ./lib/
COPY --from=build /build/target/quarkus-app/*.jar ./
COPY --from=build /build/target/quarkus-app/quarkus/ ./quarkus/
COPY --from=build /build/target/quarkus-app/app/ ./app/

# JDK_JAVA_OPTIONS, not JAVA_OPTS: the java launcher reads it by itself, so no shell stands between it and SIGTERM. Set it on
# the pod to replace these. (The launcher says so on standard error; what a verb prints stays clean.)
# - a 384 MiB limit gives a heap of 230; the rest is for classes, threads and TLS buffers
# - one collector thread is enough for reviews of milliseconds, and the smallest
# - out of memory: end, and be restarted, rather than answer some requests and not others
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=60 -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError"

# A number: the kubelet checks runAsNonRoot without reading /etc/passwd.
USER 10001:10001
EXPOSE 8443 9000
ENTRYPOINT ["java", "-jar", "/opt/trimtab/quarkus-run.jar"]
