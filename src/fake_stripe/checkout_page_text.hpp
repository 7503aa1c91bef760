// What the payment page says, in both languages.
#pragma once

#include "fake_stripe/page_language.hpp"

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct phrase {
  std::string_view english;
  std::string_view chinese;

  constexpr std::string_view in(page_language language) const {
    return language == page_language::chinese ? chinese : english;
  }
  // With `value` in place of {}.
  std::string with(const std::string& value, page_language language) const;
};

namespace page_text {

inline constexpr phrase language_tag{"en", "zh-Hans"};
inline constexpr phrase warning{"Test page: no money moves. This is fake-stripe, not Stripe.",
                                "测试页面，不会产生真实付款。这是 fake-stripe，不是 Stripe。"};
inline constexpr phrase title_suffix{"test page", "测试页面"};
inline constexpr phrase unnamed_shop{"Test shop", "测试商店"};
inline constexpr phrase leave{"Back to the shop", "返回商店"};

inline constexpr phrase your_payment{"Your payment", "您的付款"};
inline constexpr phrase your_subscription{"Your subscription", "您的订阅"};
inline constexpr phrase your_setup{"Save a payment method", "保存付款方式"};
inline constexpr phrase setup_explained{
    "Nothing is charged today. The shop may charge it later, as you agreed with it.",
    "现在不会扣款。商店之后可按与您的约定扣款。"};

inline constexpr phrase order{"Order", "订单"};
inline constexpr phrase quantity{"Qty {}", "数量 {}"};
inline constexpr phrase each{"{} each", "每件 {}"};
inline constexpr phrase subtotal{"Subtotal", "小计"};
inline constexpr phrase discount{"Discount", "优惠"};
inline constexpr phrase total{"Total due", "应付总额"};

inline constexpr phrase choose_method{"Choose how to pay", "选择付款方式"};
inline constexpr phrase choose_saved_method{"Choose what to save", "选择要保存的付款方式"};
inline constexpr phrase no_method_needed{"There is nothing to pay", "无需付款"};
inline constexpr phrase one_press{"One press is enough. There is nothing to type in.",
                                  "点一下即可，无需填写任何信息。"};
inline constexpr phrase pay{"Pay {}", "支付 {}"};
inline constexpr phrase subscribe{"Subscribe", "订阅"};
inline constexpr phrase save{"Save", "保存"};
inline constexpr phrase complete_order{"Complete order", "完成订单"};
inline constexpr phrase delayed{"Takes several days", "数日后到账"};

inline constexpr phrase for_tests{"For tests only", "仅供测试"};
inline constexpr phrase declined_card{"A card that is declined", "会被拒绝的银行卡"};
inline constexpr phrase attempt{"Try", "试一试"};

inline constexpr phrase declined{"Your card was declined. Choose another way.",
                                 "您的银行卡被拒绝，请选择其他付款方式。"};
inline constexpr phrase not_possible{"That is not possible.", "无法执行此操作。"};

inline constexpr phrase is_complete{"This checkout is complete.", "此次结账已完成。"};
inline constexpr phrase may_close{"You can close this page.", "您可以关闭此页面。"};
inline constexpr phrase has_expired{"This checkout has expired.", "此次结账已过期。"};
inline constexpr phrase check_out_again{"Check out again", "重新结账"};
inline constexpr phrase begin_again{"Go back to the shop to begin again.", "请返回商店重新开始。"};
inline constexpr phrase is_missing{"There is no such page.", "没有此页面。"};

} // namespace page_text

// What an amount says that recurs every `interval`, which is Stripe's word for it: day, week, month
// or year. {} is the amount.
phrase per_interval(std::string_view interval);

} // namespace fake
} // namespace v0
} // namespace stripe_return
