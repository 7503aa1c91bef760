#include "testkit/fake_stripe/delivery_plan.hpp"

#include <algorithm>
#include <array>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// "Three times over a few hours" in a sandbox: https://docs.stripe.com/webhooks#retries
constexpr std::array<unix_seconds, 3> retried_after = {10 * 60, 60 * 60, 3 * 60 * 60};
constexpr std::size_t most_kept = 10000;

bool counts_down(std::int64_t& left) {
  if (left <= 0) return false;
  --left;
  return true;
}

std::string text_of(const nlohmann::json& body) {
  return body.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

void delivery_plan::add(const event& event) {
  const std::vector<std::string>& types = endpoint.event_types;
  const bool subscribed = std::any_of(types.begin(), types.end(), [&](const std::string& each) {
    return each == "*" || each == event.type;
  });
  if (endpoint.signing_secret.empty() || !subscribed) return;
  delivery_state state = delivery_state::pending;
  if (counts_down(faults.lose)) {
    state = delivery_state::lost;
  } else if (faults.reorder > 0) {
    state = delivery_state::held;
  }
  const int copies = state != delivery_state::lost && counts_down(faults.duplicate) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    if (endpoint.payload != event_payload::thin) {
      add(event, event.id, text_of(snapshot_json(event, 1)), state);
    }
    if (endpoint.payload != event_payload::snapshot) {
      add(event, event.thin_id, text_of(thin_json(event)), state);
    }
  }
  if (state == delivery_state::held && --faults.reorder == 0) {
    release_held(event.created + faults.delay);
  }
}

void delivery_plan::add(const event& event, std::string id, std::string body,
                        delivery_state state) {
  delivery made;
  made.number = next_number_++;
  made.event_id = std::move(id);
  made.type = event.type;
  made.session_id = event.as_it_was.id;
  made.body = std::move(body);
  made.due = event.created + faults.delay;
  made.state = state;
  untold_.insert(made.event_id);
  delivery& kept = deliveries_.emplace(made.number, std::move(made)).first->second;
  switch (state) {
  case delivery_state::pending: pending_.emplace(kept.due, kept.number); break;
  case delivery_state::held: held_.push_back(kept.number); break;
  default: end(kept, state);
  }
}

void delivery_plan::release_held(unix_seconds now) {
  faults.reorder = 0;
  for (; !held_.empty(); held_.pop_back()) {
    auto released = deliveries_.extract(held_.back());
    delivery& each = released.mapped();
    each.state = delivery_state::pending;
    each.due = now;
    each.number = released.key() = next_number_++;
    pending_.emplace(each.due, each.number);
    deliveries_.insert(std::move(released));
  }
}

delivery_plan::flush_ticket delivery_plan::flush(unix_seconds now) {
  release_held(now);
  flush_ticket ticket;
  std::set<std::pair<unix_seconds, std::size_t>> due;
  for (const auto& [time, number] : pending_) {
    delivery& each = deliveries_.at(number);
    each.due = std::min(time, now);
    due.emplace(each.due, number);
    ticket.attempts.emplace_back(number, each.attempts.size());
  }
  pending_ = std::move(due);
  return ticket;
}

bool delivery_plan::all_attempted(const flush_ticket& ticket) const {
  return std::all_of(ticket.attempts.begin(), ticket.attempts.end(), [this](const auto& before) {
    const auto found = deliveries_.find(before.first);
    return found == deliveries_.end() || found->second.attempts.size() > before.second;
  });
}

std::optional<std::size_t> delivery_plan::due(unix_seconds now) const {
  if (pending_.empty() || pending_.begin()->first > now) return std::nullopt;
  return pending_.begin()->second;
}

const delivery& delivery_plan::at(std::size_t number) const {
  return deliveries_.at(number);
}

void delivery_plan::attempted(std::size_t number, int status, unix_seconds now) {
  const auto found = deliveries_.find(number);
  if (found == deliveries_.end()) return; // reset in between
  delivery& tried = found->second;
  pending_.erase({tried.due, number});
  tried.attempts.push_back({now, status});
  if (status >= 200 && status <= 299) {
    untold_.erase(tried.event_id);
    end(tried, delivery_state::delivered);
  } else if (tried.attempts.size() > retried_after.size()) {
    end(tried, delivery_state::failed);
  } else {
    tried.due = now + retried_after[tried.attempts.size() - 1];
    pending_.emplace(tried.due, number);
  }
}

void delivery_plan::end(delivery& delivery, delivery_state state) {
  delivery.state = state;
  delivery.body.clear();
  over_.push_back(delivery.number);
  if (over_.size() <= most_kept) return;
  deliveries_.erase(over_.front());
  over_.pop_front();
}

int delivery_plan::pending(const std::string& event_id) const {
  return untold_.count(event_id) != 0 ? 1 : 0;
}

void delivery_plan::reset() {
  const webhook_endpoint kept = endpoint;
  *this = delivery_plan();
  endpoint = kept;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
