# The image of aks-auditd: one native binary on Azure Linux distroless.
#   docker build -t myregistry.azurecr.io/aks-auditd:0.1.0 .
# amd64 and arm64; each is built on a machine of its own kind, since a native binary is linked with that machine's C library.
# Without internet access: deploy/image/build-local.sh builds the last stage from a binary that is there already.

# With clang, the linker and zlib that NativeAOT needs.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-azurelinux3.0-aot
# The C library, CA certificates, no shell and no package manager.
ARG RUNTIME_IMAGE=mcr.microsoft.com/azurelinux/distroless/base:3.0

FROM ${SDK_IMAGE} AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig build.sh ./
COPY src/ src/
RUN ./build.sh && install -D -m 0555 artifacts/aks-auditd /out/aks-auditd

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=
ARG CREATED=
ARG SOURCE=
LABEL org.opencontainers.image.title="aks-auditd" \
      org.opencontainers.image.description="Makes every node of a Kubernetes cluster an audited node" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"
# Nothing in the image is writable, not even by its owner; run it with a read-only root file system.
COPY --from=build --chown=0:0 --chmod=0555 /out/aks-auditd /usr/local/bin/aks-auditd
# The node's audit files belong to root, and the kernel and auditd answer only root: what the agent may do is limited by
# capabilities, mounts and seccomp, see the chart.
USER 0:0
ENTRYPOINT ["/usr/local/bin/aks-auditd"]
CMD ["run"]
