#include "backend/target/KernelVersion.h"
#include "frontend/headers/HeaderFileSystem.h"
#include "support/Diagnostic.h"
#include "support/ExitCode.h"
#include "tools/bpfcc/Describe.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

#include <bpf/libbpf.h>
#define PCAP_DONT_INCLUDE_PCAP_BPF_H // it has another bpf_insn than Linux
#include <pcap/pcap.h>
#include <zlib.h>
#include <zstd.h>

#include <set>

namespace bpfcc::tools {

using namespace llvm;

/// `x.y.z` of `#define LINUX_VERSION_CODE n` in the header in the box.
static std::string linuxOf(const HeaderPack &Pack) {
  auto Entry = Pack.find("include/linux/version.h");
  if (!Entry)
    return {};
  auto Text = HeaderPack::read(*Entry, "version.h");
  if (!Text) {
    consumeError(Text.takeError());
    return {};
  }
  unsigned Code = 0;
  StringRef Rest =
      (*Text)->getBuffer().split("LINUX_VERSION_CODE").second.ltrim();
  Rest.consumeInteger(10, Code);
  return utostr(Code >> 16) + "." + utostr(Code >> 8 & 0xff) + "." +
         utostr(Code & 0xff);
}

static std::set<std::string> vmlinuxMachines(const HeaderPack &Pack) {
  std::set<std::string> Names;
  for (uint32_t N = 0; N != Pack.size(); ++N) {
    StringRef Name = Pack.entry(N).Name;
    if (Name.consume_front("vmlinux/"))
      Names.insert(Name.split('/').first.str());
  }
  return Names;
}

static StringRef numberIn(StringRef Text) {
  Text = Text.drop_until([](char C) { return isDigit(C); });
  return Text.take_while([](char C) { return isDigit(C) || C == '.'; });
}

int printVersionAsJson() {
  auto Pack = builtinHeaders();
  if (!Pack)
    return reportErrors(errs(), Pack.takeError());
  json::OStream J(outs(), 2);
  J.object([&] {
    J.attribute("name", "bpfcc");
    J.attribute("version", BPFCC_VERSION);
    J.attributeObject("inside", [&] {
      J.attribute("llvm", BPFCC_LLVM_VERSION);
      J.attribute("libbpf", numberIn(libbpf_version_string()));
      J.attribute("libpcap", numberIn(pcap_lib_version()));
      J.attribute("zlib", zlibVersion());
      J.attribute("zstd", ZSTD_versionString());
    });
    J.attributeArray("targets", [&] {
      J.value("bpfel");
      J.value("bpfeb");
    });
    J.attributeArray("cpus", [&] {
      for (const char *Name : {"v1", "v2", "v3", "v4"})
        J.value(Name);
    });
    J.attributeObject("headers", [&] {
      J.attribute("linux", linuxOf(*Pack));
      J.attributeArray("vmlinux", [&] {
        for (const std::string &Name : vmlinuxMachines(*Pack))
          J.value(Name);
      });
    });
    J.attributeArray("native_targets", [&] {
#define NATIVE_TARGET(Name, ...) J.value(Name);
#include "runtime/aot/targets.def"
    });
  });
  outs() << '\n';
  return ExitOk;
}

} // namespace bpfcc::tools
