// A whole Stripe: its accounts, its API, what tests make of it. No I/O, no lock, no thread; the
// time is what it is told. Who gives it a face locks it.
#pragma once

#include "testkit/fake_stripe/account.hpp"
#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/delivery_plan.hpp"
#include "testkit/fake_stripe/fault_plan.hpp"
#include "testkit/fake_stripe/idempotency.hpp"
#include "testkit/fake_stripe/message.hpp"
#include "testkit/fake_stripe/parameters.hpp"
#include "testkit/fake_stripe/request_log.hpp"

#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct account_name {
  std::string id;
  secret secret_key; // its own account: empty for any key of test mode; others: for none
};

struct machine_options {
  std::string base_url;
  std::vector<account_name> accounts; // its own, then those that are connected to it
  webhook_endpoint endpoint;
  std::uint64_t seed = 0; // of the ids
  std::function<unix_seconds()> time;
};

// A request under /v1 or /v2 between its coming and its answer.
struct begun_call {
  request asked;
  std::variant<parameters, api_error> given;
  std::string request_id;
  std::string account_id;
  std::optional<fault> planned;
  std::optional<response> saved;    // under its idempotency key
  std::optional<api_error> refused; // before any endpoint
};

class STRIPE_RETURN_EXPORT machine {
public:
  explicit machine(machine_options options);
  machine(const machine&) = delete;
  machine& operator=(const machine&) = delete;

  unix_seconds now() const { return options_.time() + ahead_; }
  void advance(unix_seconds seconds) { ahead_ += seconds; }
  // What is due happens. To be called before every look.
  void pass_time();

  // Of any thread, without the lock: forms can be large.
  static begun_call read(request asked);
  // In two steps, as a fault may hold the request up in between: its idempotency key is in flight
  // meanwhile.
  void begin(begun_call& call);
  response finish(begun_call& call);

  // Throws api_error: there is none.
  account& account_of_session(const std::string& session_id);
  account& account_of_charge(const std::string& charge_id);
  // Null where no account has such a recovery link.
  const session* recover(const std::string& token);
  void add_account(account_name name);
  const std::vector<account_name>& accounts() const { return options_.accounts; }

  void reset();

  delivery_plan deliveries;
  fault_plan faults;
  request_log requests;

private:
  template <class Holds> account& account_that(const Holds& holds, const api_error& otherwise);
  void open(const account_name& name);
  const std::string& account_for(const request& asked) const;
  response execute(const begun_call& call);

  machine_options options_;
  unix_seconds ahead_ = 0;
  id_maker ids_;
  std::map<std::string, std::unique_ptr<account>> accounts_; // by id
  idempotency answers_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
