#include "core/recovery_chain.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace {

// Stripe sets no limit. Each further link costs a request, and a customer makes it in a day at
// best.
constexpr std::size_t longest_chain = 30;

bool was_issued(const expected_order& expected, const std::string& id) {
  const auto& issued = expected.session_ids;
  return !id.empty() && std::find(issued.begin(), issued.end(), id) != issued.end();
}

} // namespace

bool continues_one_of(const expected_order& expected, const checkout_session& session,
                      const std::vector<std::string>& chain) {
  const auto issued = [&](const std::string& id) { return was_issued(expected, id); };
  return issued(session.id) || issued(session.recovered_from) ||
         std::any_of(chain.begin(), chain.end(), issued);
}

std::optional<session_id> next_in_chain(const observation& observed,
                                        const expected_order& expected) {
  const std::vector<std::string>& chain = observed.recovery_chain;
  if (expected.session_ids.empty() || chain.size() == longest_chain ||
      continues_one_of(expected, observed.session, chain)) {
    return std::nullopt;
  }
  const result<session_id> next =
      session_id::parse(chain.empty() ? observed.session.recovered_from : chain.back());
  return next ? std::optional<session_id>(*next) : std::nullopt;
}

bool extend_chain(observation& observed, const checkout_session& before) {
  if (before.recovered_from.empty()) return false;
  observed.recovery_chain.push_back(before.recovered_from);
  return true;
}

} // namespace v0
} // namespace stripe_return
