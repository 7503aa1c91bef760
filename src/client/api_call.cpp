#include "client/api_call.hpp"

#include "client/checkout_form.hpp"
#include "client/response_error.hpp"
#include "client/session_answer.hpp"
#include "core/event_types.hpp"
#include "core/object_id.hpp"
#include "core/random_id.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

class retrieve_call final : public api_call {
public:
  retrieve_call(const session_id& id, const retrieve_options& options)
      : api_call(client_call::retrieve), id_(id), account_(options.account),
        line_items_(options.line_items), latest_charge_(options.latest_charge) {}

  std::string sharing_key() const override {
    return id_.str() + (line_items_ ? "+" : " ") + (latest_charge_ ? "+" : " ") + account_;
  }

  result<authorized_call> authorize(api_access& access, time_point now) override {
    result<authorized_call> call = access.authorize(id_, account_);
    payment_intent_permitted_ = access.may_expand_payment_intent(now);
    refused_payment_intent_ = false;
    if (call) expand(call->request.url);
    return call;
  }

  // Stripe refuses the whole request where the key may not read what is to be expanded.
  bool ask_again(const http_response& answer, authorized_call& call) override {
    if (answer.status != 403 || !payment_intent_permitted_) return false;
    payment_intent_permitted_ = false;
    refused_payment_intent_ = true;
    std::string& url = call.request.url;
    url.resize(std::min(url.find('?'), url.size()));
    expand(url);
    return true;
  }

  void learn(const http_response& answer, const authorized_call& call, api_access& access,
             time_point now) const override {
    // The charge alone may have been too much.
    if (answer.status == 200 && refused_payment_intent_ && !latest_charge_)
      access.forbid_payment_intent(call, now);
  }

  api_answer read(const http_response& answer, const authorized_call& call,
                  unix_seconds local_time) const override {
    api_answer fetched = read_session(answer, call, id_.str(), local_time);
    if (fetched)
      std::get<observation>(*fetched).payment_intent_permitted = payment_intent_permitted_;
    return fetched;
  }

private:
  void expand(std::string& url) const {
    char separator = '?';
    const auto add = [&](const char* field) {
      url.append(1, std::exchange(separator, '&')).append("expand%5B%5D=").append(field);
    };
    if (line_items_) add("line_items");
    if (payment_intent_permitted_) {
      add(latest_charge_ ? "payment_intent.latest_charge" : "payment_intent");
    }
  }

  const session_id id_;
  const std::string account_;
  const bool line_items_;
  const bool latest_charge_;
  bool payment_intent_permitted_ = true;
  bool refused_payment_intent_ = false; // in this call, not in an earlier one
};

void make_post(http_request& request, std::string form, std::string idempotency_key) {
  request.form = std::move(form);
  request.headers.push_back({"idempotency-key", std::move(idempotency_key)});
}

class create_call final : public api_call {
public:
  create_call(const checkout_parameters& parameters, checkout_form form, std::string account)
      : api_call(client_call::create), form_(std::move(form)),
        out_trade_no_(parameters.out_trade_no), naming_(parameters.naming),
        account_(std::move(account)) {}

  result<authorized_call> authorize(api_access& access, time_point) override {
    result<authorized_call> call = access.authorize(sessions_path, account_);
    if (call) make_post(call->request, form_.text, form_.idempotency_key);
    return call;
  }

  error error_from(const http_response& answer) const override {
    return error_from_attempt(answer);
  }

  api_answer read(const http_response& answer, const authorized_call& call,
                  unix_seconds local_time) const override {
    api_answer made = read_session(answer, call, {}, local_time);
    if (made && order_number_of(std::get<observation>(*made).session, naming_) != out_trade_no_) {
      return with_context({error_code::wrong_session,
                           "The answer is a session of another order: check api_base and proxy."},
                          answer);
    }
    return made;
  }

private:
  const checkout_form form_;
  const std::string out_trade_no_;
  const order_naming naming_;
  const std::string account_;
};

class expire_call final : public api_call {
public:
  expire_call(const session_id& id, std::string account, std::string idempotency_key)
      : api_call(client_call::expire), id_(id), account_(std::move(account)),
        idempotency_key_(std::move(idempotency_key)) {}

  result<authorized_call> authorize(api_access& access, time_point) override {
    result<authorized_call> call = access.authorize(id_, account_);
    if (call) {
      call->request.url += "/expire";
      make_post(call->request, {}, idempotency_key_);
    }
    return call;
  }

  api_answer read(const http_response& answer, const authorized_call& call,
                  unix_seconds local_time) const override {
    return read_session(answer, call, id_.str(), local_time);
  }

private:
  const session_id id_;
  const std::string account_;
  const std::string idempotency_key_;
};

std::optional<error> accept(line_item_page&, const authorized_call&) {
  return std::nullopt;
}

// One page, a hundred at a time.
template <class Page> class page_call final : public api_call {
public:
  // `path` is that of the list, or without one that of a session's `tail`.
  page_call(client_call kind, std::optional<session_id> of, std::string_view path,
            std::string query, const page_options& options, result<Page> (*parse)(std::string_view))
      : api_call(kind), of_(std::move(of)), path_(path), query_(std::move(query)),
        account_(options.account), parse_(parse) {
    query_.append("limit=100");
    if (!options.starting_after.empty())
      query_.append("&starting_after=").append(options.starting_after);
  }

  result<authorized_call> authorize(api_access& access, time_point) override {
    result<authorized_call> call =
        of_ ? access.authorize(*of_, account_) : access.authorize(path_, account_);
    if (call) call->request.url.append(of_ ? path_ : "").append(query_);
    return call;
  }

  api_answer read(const http_response& answer, const authorized_call& call,
                  unix_seconds) const override {
    result<Page> page = parse_(answer.body);
    if (!page) return with_context(std::move(page).error(), answer);
    for (const auto& wrong : {check_answered_account(answer, call), accept(*page, call)}) {
      if (wrong) return with_context(*wrong, answer);
    }
    return *std::move(page);
  }

private:
  const std::optional<session_id> of_;
  const std::string_view path_;
  std::string query_;
  const std::string account_;
  result<Page> (*const parse_)(std::string_view);
};

template <class Page>
made_call make_page_call(client_call kind, std::optional<session_id> of, std::string_view path,
                         std::string query, const page_options& options,
                         result<Page> (*parse)(std::string_view)) {
  // It goes into the URL.
  if (!options.starting_after.empty() && !is_object_id(options.starting_after)) {
    return error{error_code::invalid_option, "The option starting_after is not an id from this "
                                             "list: pass the last id of the previous page."};
  }
  return std::unique_ptr<api_call>(std::make_unique<page_call<Page>>(
      kind, std::move(of), path, std::move(query), options, parse));
}

std::string created_since(const list_options& options) {
  return "created%5Bgte%5D=" + std::to_string(options.created_since) + "&";
}

} // namespace

bool api_call::ask_again(const http_response&, authorized_call&) {
  return false;
}

void api_call::learn(const http_response&, const authorized_call&, api_access&, time_point) const {}

error api_call::error_from(const http_response& answer) const {
  return stripe_return::error_from(answer);
}

made_call make_retrieve(const session_id& id, const retrieve_options& options) {
  return std::unique_ptr<api_call>(std::make_unique<retrieve_call>(id, options));
}

made_call make_create(const checkout_parameters& parameters, const call_options& options) {
  result<checkout_form> form = make_checkout_form(parameters);
  if (!form) return std::move(form).error();
  return std::unique_ptr<api_call>(
      std::make_unique<create_call>(parameters, *std::move(form), options.account));
}

made_call make_expire(const session_id& id, const call_options& options) {
  // Another key for each call: a retry whose first answer was lost gets that answer, and a later
  // call asks anew.
  const std::string unique = random_id(26);
  if (unique.empty()) {
    return error{error_code::transport_failed, "The system provides no random numbers: check "
                                               "/dev/urandom and the limit of open files."};
  }
  return std::unique_ptr<api_call>(
      std::make_unique<expire_call>(id, options.account, "expire-" + unique));
}

made_call make_line_items(const session_id& id, const page_options& options) {
  return make_page_call(client_call::line_items, id, "/line_items", "?", options,
                        &parse_line_items);
}

made_call make_sessions_since(const list_options& options) {
  return make_page_call(client_call::sessions_since, {}, sessions_path,
                        "?" + created_since(options), options, &parse_session_page);
}

made_call make_events_since(const list_options& options) {
  std::string query = "?";
  for (const known_event& each : known_events)
    query.append("types%5B%5D=").append(each.raw).append("&");
  return make_page_call(client_call::events_since, {}, "/v1/events", query + created_since(options),
                        options, &parse_event_page);
}

} // namespace v0
} // namespace stripe_return
