// What the application, or a person, decides about an order.
#pragma once

#include "orders/step.hpp"

#include <stripe_return/orders/decision_results.hpp>

#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// What came of a decision, and the change that makes it so; none where there is nothing to change.
template <class Word> struct decided {
  Word word;
  std::optional<step> change{};
  unix_seconds until = 0; // where it is not yet: from then on asking again may help; 0: not known
};

// Nobody paid, and nobody can any more. All sessions have just been read again.
decided<close_result> close(const order_record& order, const std::string& who,
                            const circumstances& at);

// The order is not to be fulfilled, whether it was paid or not.
decided<cancel_result> cancel(const order_record& order, const std::string& who,
                              const circumstances& at);

// It was fulfilled by other means than a worker's. `session_id` for fulfilled_by::session alone.
decided<mark_result> mark_fulfilled(const order_record& order, fulfilled_by how,
                                    const std::string& session_id, const std::string& who,
                                    const circumstances& at);

struct verdict_on {
  std::string review_id;
  review_verdict verdict = review_verdict::reject;
  std::string who;
  std::string note;
  std::string account; // names the account that an account_mismatch is accepted for
};
decided<resolve_result> resolve(const order_record& order, const verdict_on& what,
                                const circumstances& at);

// The money of the session was given back. None: there was nothing to give back.
std::optional<step> mark_refunded(const order_record& order, const std::string& session_id,
                                  const std::string& who, const circumstances& at);

} // namespace orders
} // namespace v0
} // namespace stripe_return
