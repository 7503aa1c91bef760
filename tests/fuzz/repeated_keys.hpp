#pragma once

#include "session_shape.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace fuzz {

// A tree keeps one value of each key, so repeated keys are seen while it is built.
class repeated_key_detector {
public:
  explicit repeated_key_detector(const shape& root) : root_(root) {}

  bool found() const { return !depths_.empty(); }
  // In objects inside of at most, or at least, so many others.
  bool found_up_to(std::size_t depth) const { return found() && *depths_.begin() <= depth; }
  bool found_from(std::size_t depth) const { return found() && *depths_.rbegin() >= depth; }

  void operator()(nlohmann::json::parse_event_t event, const nlohmann::json& value) {
    using parse_event = nlohmann::json::parse_event_t;
    switch (event) {
    case parse_event::object_start: open_.push_back({inside(false), {}, nullptr, false}); break;
    case parse_event::array_start: open_.push_back({inside(true), {}, nullptr, true}); break;
    case parse_event::object_end:
    case parse_event::array_end: open_.pop_back(); break;
    case parse_event::key: see(value.get_ref<const std::string&>()); break;
    case parse_event::value: break;
    }
  }

private:
  struct level {
    const shape* where; // of this object, or of this list's elements; null where nothing is read
    std::set<std::string> seen;
    const member* current;
    bool list;
  };

  const shape* inside(bool list) const {
    if (open_.empty()) return list ? nullptr : &root_;
    const level& above = open_.back();
    if (above.list) return list ? nullptr : above.where;
    if (above.current == nullptr || (above.current->holds == kind::list) != list) return nullptr;
    return above.current->inside;
  }

  void see(const std::string& key) {
    level& here = open_.back();
    if (here.where == nullptr) return;
    here.current = here.where->find(key);
    if (here.current == nullptr && !here.where->any_key) return;
    if (!here.seen.insert(key).second) depths_.insert(open_.size() - 1);
  }

  const shape& root_;
  std::vector<level> open_;
  std::set<std::size_t> depths_;
};

} // namespace fuzz
