#ifndef BPFCC_TOOLS_GEN_LOADER_H
#define BPFCC_TOOLS_GEN_LOADER_H

#include "tools/gen/Model.h"

namespace bpfcc::gen {

/// What libbpf makes of an object for kernels that load it by themselves: a
/// program that does what bpf_object__load() would, and its data.
struct Loader {
  std::string Data, Code;
  struct Program {
    std::string Name;
    /// How its light skeleton attaches it: by itself, through a tracepoint of
    /// that name, as what its section names, or as an iterator.
    enum How : uint8_t { No, RawTracepoint, Traced, Iterator } Attach = No;
    std::string Tracepoint;
  };
  std::vector<Program> Programs;
  struct Map {
    std::string Name; ///< as in Model
    bool ReadOnly = false;
    std::string Value; ///< the first value; empty for declared maps
  };
  std::vector<Map> Maps;
};

/// Errors: BadObject with what libbpf says.
llvm::Expected<Loader> makeLoader(const Model &M);

} // namespace bpfcc::gen

#endif
