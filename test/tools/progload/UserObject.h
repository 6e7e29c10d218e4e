#ifndef BPFCC_TEST_TOOLS_PROGLOAD_USEROBJECT_H
#define BPFCC_TEST_TOOLS_PROGLOAD_USEROBJECT_H

#include "KernelObject.h"

#include "runtime/hooks/Hooks.h"
#include "runtime/interp/Instance.h"
#include "runtime/interp/Interp.h"

#include <set>

namespace bpfcc {

/// The programs and maps of \p File as our loader reads them.
llvm::Expected<Program> readProgram(const std::string &File);

/// What the interpreter makes of the program that \p Kernel holds, which must
/// outlive this.
class UserObject : public World {
public:
  UserObject(const std::string &File, const std::string &Program,
             const KernelObject &Kernel);
  ~UserObject() override;

  std::string failure() const override { return Failure; }
  TestRun run(const PacketBytes &Packet) override;
  Contents contents() override;
  void set(const MapEntry &E) override;

  /// Keys that the program looked up, or that stand in arrays, each with a
  /// value: what its user space might have put there.
  std::vector<MapEntry> likelyEntries() const;

private:
  llvm::Error open(const std::string &File, const std::string &Name,
                   const KernelObject &Kernel);
  void fillProgArrays(const KernelObject &Kernel);
  void watchLookups();
  void addEntries(uint32_t Number, Contents &To) const;

  std::string Failure;
  HookKind Kind = HookKind::Raw;
  const btf *Types;
  bpfcc::Program P;
  uint32_t Entry = 0;
  std::unique_ptr<Instance> I;
  std::unique_ptr<Interpreter> Interp;
  std::map<std::string, std::set<std::vector<uint8_t>>> LookedUp;
};

} // namespace bpfcc

#endif
