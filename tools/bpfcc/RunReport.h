#ifndef BPFCC_TOOLS_BPFCC_RUNREPORT_H
#define BPFCC_TOOLS_BPFCC_RUNREPORT_H

#include "runtime/hooks/Hooks.h"
#include "runtime/interp/Instance.h"
#include "tools/bpfcc/PrintEvents.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/raw_ostream.h"

namespace bpfcc::tools {

/// What happened, before it is printed.
struct RunReport {
  uint32_t Entry = 0; ///< the program
  uint64_t Runs = 0;
  uint64_t Insts = 0;
  llvm::DenseMap<uint64_t, uint64_t>
      Returns;        ///< how often each value of 32 bits
  double Seconds = 0; ///< of processor time

  std::map<std::string, uint64_t> verdicts(llvm::StringRef Section) const {
    std::map<std::string, uint64_t> Verdicts;
    for (auto [R0, Count] : Returns)
      Verdicts[verdictName(hookForSection(Section).Kind, R0)] += Count;
    return Verdicts;
  }
  double perSecond() const { return double(Runs) / Seconds; }
};

/// Prints \p Reports, the events and the maps of \p I as \p O asks for them.
void printText(llvm::raw_ostream &OS, const Program &P, const Instance &I,
               const BtfFile &Btf, const EventTypes &Types, const RunOptions &O,
               llvm::ArrayRef<RunReport> Reports);
/// The same as one JSON object.
void printJson(llvm::raw_ostream &OS, const Program &P, const Instance &I,
               const BtfFile &Btf, const EventTypes &Types, const RunOptions &O,
               llvm::ArrayRef<RunReport> Reports);

} // namespace bpfcc::tools

#endif
