// Objects in the order in which they were made, each found by its id.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

// References stay good until the object is taken away.
template <class T> class object_list {
public:
  T& add(T made) {
    places_.emplace(made.id, taken_away_ + all_.size());
    return all_.emplace_back(std::move(made));
  }

  std::size_t size() const { return all_.size(); }
  const T& operator[](std::size_t place) const { return all_[place]; } // 0: the oldest
  T& operator[](std::size_t place) { return all_[place]; }
  std::optional<std::size_t> place_of(const std::string& id) const {
    const auto found = places_.find(id);
    if (found == places_.end()) return std::nullopt;
    return found->second - taken_away_;
  }
  const T* find(const std::string& id) const {
    const auto place = place_of(id);
    return place ? &all_[*place] : nullptr;
  }
  T* find(const std::string& id) {
    const auto place = place_of(id);
    return place ? &all_[*place] : nullptr;
  }

  void take_away_oldest() {
    places_.erase(all_.front().id);
    all_.pop_front();
    ++taken_away_;
  }
  void take_away_newest() {
    places_.erase(all_.back().id);
    all_.pop_back();
  }

private:
  std::deque<T> all_;
  std::unordered_map<std::string, std::size_t> places_;
  std::size_t taken_away_ = 0; // of the oldest
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
