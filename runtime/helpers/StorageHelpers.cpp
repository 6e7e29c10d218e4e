// Values that belong to sockets, tasks, inodes and cgroups. The pointer to the
// owner is only compared: nothing has to lie there.

#include "runtime/helpers/Call.h"
#include "runtime/maps/Storage.h"

#include "backend/target/MapTypes.h"

#include "llvm/ADT/StringSwitch.h"

#include <cerrno>

using namespace llvm;
using bpfcc::target::MapType;

namespace bpfcc {
namespace {

template <MapType... Types> Error expectType(const Call &C) {
  if (((MapType(C.M->def().Type) == Types) || ...))
    return Error::success();
  return C.error("map `" + C.M->def().Name + "` is no storage of this kind");
}

template <MapType Type> Result get(Call &C) {
  constexpr uint64_t Create = 1;
  if (Error E = expectType<Type>(C))
    return std::move(E);
  if (!C.R[1] || (C.R[3] & ~Create))
    return 0;
  std::vector<uint8_t> Zeros(C.Mem[2] ? 0 : C.M->def().ValueSize);
  const uint8_t *Initial = C.Mem[2] ? C.Mem[2] : Zeros.data();
  return static_cast<OwnerStorage *>(C.M)->get(C.R[1],
                                               C.R[3] ? Initial : nullptr);
}

template <MapType Type> Result erase(Call &C) {
  if (Error E = expectType<Type>(C))
    return std::move(E);
  if (!C.R[1])
    return fail(EINVAL);
  return status(static_cast<OwnerStorage *>(C.M)->erase(C.R[1]));
}

Result attached(Call &C) {
  if (Error E =
          expectType<MapType::CgroupStorage, MapType::PerCpuCgroupStorage>(C))
    return std::move(E);
  return static_cast<AttachedStorage *>(C.M)->get(C.Env.Cpu);
}

} // namespace

HelperFunction storageHelper(StringRef Name) {
  return StringSwitch<HelperFunction>(Name)
      .Case("sk_storage_get", get<MapType::SkStorage>)
      .Case("sk_storage_delete", erase<MapType::SkStorage>)
      .Case("task_storage_get", get<MapType::TaskStorage>)
      .Case("task_storage_delete", erase<MapType::TaskStorage>)
      .Case("inode_storage_get", get<MapType::InodeStorage>)
      .Case("inode_storage_delete", erase<MapType::InodeStorage>)
      .Case("cgrp_storage_get", get<MapType::CgrpStorage>)
      .Case("cgrp_storage_delete", erase<MapType::CgrpStorage>)
      .Case("get_local_storage", attached)
      .Default(nullptr);
}

} // namespace bpfcc
