#include "fake_stripe/delivery_plan.hpp"

#include <algorithm>
#include <array>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// "Three times over a few hours" in a sandbox: https://docs.stripe.com/webhooks#retries
constexpr std::array<unix_seconds, 3> retried_after = {10 * 60, 60 * 60, 3 * 60 * 60};

bool counts_down(std::int64_t& left) {
  if (left <= 0) return false;
  --left;
  return true;
}

} // namespace

void delivery_plan::add(const event& event) {
  if (endpoint.url.empty()) return;
  nlohmann::json json = event.json;
  json["pending_webhooks"] = 1;
  delivery made;
  made.event_id = event.id;
  made.type = event.type;
  made.session_id = event.session_id;
  made.body = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
  made.due = event.created + faults.delay;
  if (counts_down(faults.lose)) {
    made.state = delivery_state::lost;
  } else if (faults.reorder > 0) {
    made.state = delivery_state::held;
  }
  const int copies = made.state != delivery_state::lost && counts_down(faults.duplicate) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    made.number = next_number_++;
    deliveries_.push_back(made);
  }
  if (made.state == delivery_state::held && --faults.reorder == 0) release_held(made.due);
}

void delivery_plan::release_held(unix_seconds now) {
  faults.reorder = 0;
  for (std::size_t i = deliveries_.size(); i-- > 0;) {
    if (deliveries_[i].state != delivery_state::held) continue;
    delivery released = deliveries_[i];
    released.state = delivery_state::pending;
    released.due = now;
    released.number = next_number_++;
    deliveries_.erase(deliveries_.begin() + static_cast<std::ptrdiff_t>(i));
    deliveries_.push_back(std::move(released));
  }
}

delivery_plan::flush_ticket delivery_plan::flush(unix_seconds now) {
  release_held(now);
  flush_ticket ticket;
  for (delivery& each : deliveries_) {
    if (each.state != delivery_state::pending) continue;
    each.due = std::min(each.due, now);
    ticket.attempts.emplace_back(each.number, each.attempts.size());
  }
  return ticket;
}

bool delivery_plan::all_attempted(const flush_ticket& ticket) const {
  return std::all_of(ticket.attempts.begin(), ticket.attempts.end(), [this](const auto& before) {
    const auto found = std::find_if(deliveries_.begin(), deliveries_.end(),
                                    [&](const auto& each) { return each.number == before.first; });
    return found == deliveries_.end() || found->attempts.size() > before.second;
  });
}

std::optional<std::size_t> delivery_plan::due(unix_seconds now) const {
  const delivery* next = nullptr;
  for (const delivery& each : deliveries_) {
    if (each.state != delivery_state::pending || each.due > now) continue;
    if (next == nullptr || each.due < next->due) next = &each;
  }
  return next == nullptr ? std::nullopt : std::optional<std::size_t>(next->number);
}

const delivery& delivery_plan::at(std::size_t number) const {
  return *std::find_if(deliveries_.begin(), deliveries_.end(),
                       [number](const delivery& each) { return each.number == number; });
}

void delivery_plan::attempted(std::size_t number, int status, unix_seconds now) {
  const auto found = std::find_if(deliveries_.begin(), deliveries_.end(),
                                  [number](const delivery& each) { return each.number == number; });
  if (found == deliveries_.end()) return; // reset in between
  found->attempts.push_back({now, status});
  if (status >= 200 && status <= 299) {
    found->state = delivery_state::delivered;
  } else if (found->attempts.size() > retried_after.size()) {
    found->state = delivery_state::failed;
  } else {
    found->due = now + retried_after[found->attempts.size() - 1];
  }
}

int delivery_plan::pending(const std::string& event_id) const {
  bool planned = false;
  for (const delivery& each : deliveries_) {
    if (each.event_id != event_id) continue;
    if (each.state == delivery_state::delivered) return 0;
    planned = true;
  }
  return planned ? 1 : 0;
}

void delivery_plan::reset() {
  deliveries_.clear();
  faults = delivery_faults();
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
