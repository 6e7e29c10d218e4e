#ifndef BPFCC_TOOLS_BPFCC_PRINTMAPS_H
#define BPFCC_TOOLS_BPFCC_PRINTMAPS_H

#include "backend/btf/BtfFile.h"
#include "runtime/interp/Instance.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/JSON.h"

#include <functional>

namespace bpfcc::tools {

/// One element of a map as text.
struct PrintedElement {
  std::string Key;
  std::string Value;
  /// Per-CPU maps: one for each processor; Value is then their sum if they
  /// are numbers, else empty.
  struct OfCpu {
    std::string Value;
    bool IsZero;
  };
  std::vector<OfCpu> PerCpu;
};

struct PrintedMap {
  std::string Name;
  std::string Type;    ///< "hash", "percpu_array", "data"
  bool IsData = false; ///< elements are the section's variables
  uint32_t MaxEntries = 0;
  uint64_t NumEvents = 0; ///< of ring and perf buffers
  bool HasEvents = false;
  /// Of arenas; elements are the variables in it.
  std::optional<uint64_t> NumPages = std::nullopt;
  std::vector<PrintedElement> Elements;
  /// Elements that are only counted: zero, and behind the first of very many.
  uint64_t Zero = 0, Rest = 0;
};

/// Where the contents of a map are read.
struct MapSource {
  std::function<bool(const uint8_t *Previous, uint8_t *Next)> NextKey;
  /// Empty if there is none; one value after another for each processor.
  std::function<std::vector<uint8_t>(const uint8_t *Key)> Value;
  uint64_t NumEvents = 0;
  /// Elements, which are zero, that NextKey leaves out.
  uint64_t Untouched = 0;
  /// Of an arena, whose value is its variables.
  std::optional<uint64_t> NumPages = std::nullopt;
};

/// The contents of the maps of \p P as \p SourceOf reads them, by number.
/// Without \p All, zero elements and all but the first of very many are only
/// counted.
std::vector<PrintedMap>
printedMaps(const Program &P, const BtfFile &Btf, bool All,
            llvm::function_ref<MapSource(uint32_t)> SourceOf);

/// The contents of all maps of \p I, in the order of \p P.Maps; read-only data
/// is left out. Elements are in the order of nextKey().
std::vector<PrintedMap> printedMaps(const Program &P, const Instance &I,
                                    const BtfFile &Btf, bool All);

/// Prints \p Maps, which were made with \p All, as text.
void printMaps(llvm::raw_ostream &OS, llvm::ArrayRef<PrintedMap> Maps,
               bool All);

llvm::json::Array mapsAsJson(llvm::ArrayRef<PrintedMap> Maps);

} // namespace bpfcc::tools

#endif
