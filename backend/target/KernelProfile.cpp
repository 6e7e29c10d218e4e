#include "backend/target/KernelProfile.h"

#include "backend/target/Helpers.h"

#include "llvm/Support/JSON.h"

namespace bpfcc::target {

using namespace llvm;

unsigned KernelProfile::isaLevel() const {
  unsigned Level = 1;
  for (Feature F : {Feature::Isa2, Feature::Isa3, Feature::Isa4}) {
    if (!has(F))
      break;
    ++Level;
  }
  return Level;
}

KernelProfile profileOf(KernelVersion V) {
  KernelProfile P;
  P.Name = "Linux " + toString(V);
  P.Release = V;
  for (unsigned I = 0; I < NumFeatures; ++I)
    P.Features[I] = hasFeature(V, Feature(I));
  return P;
}

/// The first release that has the newest of the helpers in \p Probed, lists of
/// names by program type; nothing if there is none.
static std::optional<KernelVersion> releaseOf(const json::Object &Probed) {
  std::optional<KernelVersion> Newest;
  for (const auto &[ProgType, Names] : Probed)
    if (const json::Array *List = Names.getAsArray())
      for (const json::Value &Name : *List)
        if (auto Text = Name.getAsString())
          if (const HelperInfo *H = helperByName(*Text))
            if (!Newest || *Newest < H->Since)
              Newest = H->Since;
  return Newest;
}

Expected<KernelProfile> readFeatureProbe(StringRef Json, StringRef Name) {
  auto Invalid = [](const Twine &Why) {
    return createStringError("it is not what `bpftool feature probe -j` "
                             "prints: " +
                             Why);
  };
  Expected<json::Value> Read = json::parse(Json);
  if (!Read)
    return Invalid(toString(Read.takeError()));
  const json::Object *Root = Read->getAsObject();
  const json::Object *Helpers = Root ? Root->getObject("helpers") : nullptr;
  if (!Helpers)
    return Invalid("it has no object \"helpers\"");
  std::optional<KernelVersion> Release = releaseOf(*Helpers);
  if (!Release)
    return createStringError("it lists no helper function: the probe was not "
                             "allowed to call bpf(2)");
  KernelProfile P = profileOf(*Release);
  P.Name = ("the kernel of `" + Name + "`").str();
  for (unsigned I = 0; I < NumFeatures; ++I) {
    StringRef Probe = featureInfo(Feature(I)).Probe;
    for (const char *Group : {"misc", "map_types"})
      if (const json::Object *Answers = Root->getObject(Group))
        if (auto Answer = Answers->getBoolean(Probe))
          P.Features[I] = *Answer;
  }
  return P;
}

} // namespace bpfcc::target
