#include <stripe_return/fulfillment/async_fulfillment.hpp>

#include "fulfillment/desk.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {

// Shared with the calls on their way: they may outlive the object they were made by.
struct async_fulfillment::hands {
  fulfillment& desk;
  async_session_client& stripe;
  executor blocking;
  executor loop;
};

async_fulfillment::async_fulfillment(fulfillment& desk, async_session_client& stripe,
                                     executor blocking, executor loop)
    : hands_(std::make_shared<const hands>(
          hands{desk, stripe, std::move(blocking), std::move(loop)})) {}

template <class Answer, class Call>
void async_fulfillment::call(Call call, std::function<void(Answer)> done) const {
  hands_->blocking([hands = hands_, call = std::move(call), done = std::move(done)] {
    hands->loop([done, answer = call(hands->desk)] { done(answer); });
  });
}

void async_fulfillment::open_checkout(expected_order order, checkout_parameters parameters,
                                      std::function<void(result<opened_checkout>)> done) const {
  call<result<opened_checkout>>(
      [order = std::move(order), parameters = std::move(parameters)](fulfillment& desk) {
        return desk.open_checkout(order, parameters);
      },
      std::move(done));
}

void async_fulfillment::expect(expected_order order,
                               std::function<void(result<customer_view>)> done) const {
  call<result<customer_view>>(
      [order = std::move(order)](fulfillment& desk) { return desk.expect(order); },
      std::move(done));
}

void async_fulfillment::on_return(std::string_view query, std::string_view order_ref,
                                  std::function<void(result<return_answer>)> done) const {
  using step = fulfillment::desk::expected_return;
  hands_->blocking([hands = hands_, query = std::string(query), order_ref = std::string(order_ref),
                    done = std::move(done)] {
    result<step> begun = hands->desk.desk_->begin_return(query, order_ref);
    hands->loop([hands, done, begun = std::move(begun)] {
      if (!begun) return done(begun.error());
      if (begun->answer) return done(*begun->answer);
      retrieve_options options;
      options.account = begun->account;
      options.priority = begun->known ? call_priority::known : call_priority::unknown;
      hands->stripe.retrieve(
          begun->id, options, [hands, done, begun = *begun](result<observation> fetched) {
            if (!fetched) {
              hands->desk.desk_->note_refusal(fetched.error());
              return hands->loop([done, failure = std::move(fetched).error()] { done(failure); });
            }
            hands->blocking([hands, done, begun, fetched = *std::move(fetched)] {
              return_answer answer = hands->desk.desk_->end_return(begun, fetched);
              hands->loop([done, answer = std::move(answer)] { done(answer); });
            });
          });
    });
  });
}

void async_fulfillment::on_webhook(std::string_view raw_body, std::string_view signature_header,
                                   std::function<void(webhook_answer)> done) const {
  call<webhook_answer>([body = std::string(raw_body), header = std::string(signature_header)](
                           fulfillment& desk) { return desk.on_webhook(body, header); },
                       std::move(done));
}

void async_fulfillment::view(std::string_view out_trade_no,
                             std::function<void(result<std::optional<customer_view>>)> done) const {
  call<result<std::optional<customer_view>>>(
      [number = std::string(out_trade_no)](fulfillment& desk) { return desk.view(number); },
      std::move(done));
}

void async_fulfillment::close_order(std::string_view out_trade_no,
                                    std::function<void(result<closing>)> done) const {
  call<result<closing>>(
      [number = std::string(out_trade_no)](fulfillment& desk) { return desk.close_order(number); },
      std::move(done));
}

void async_fulfillment::resolve(std::string_view out_trade_no, review_verdict verdict,
                                std::string_view who, std::string_view note,
                                std::function<void(result<bool>)> done) const {
  call<result<bool>>([number = std::string(out_trade_no), verdict, who = std::string(who),
                      note = std::string(note)](
                         fulfillment& desk) { return desk.resolve(number, verdict, who, note); },
                     std::move(done));
}

} // namespace v0
} // namespace stripe_return
