#include "result_words.hpp"

#include <array>
#include <utility>

namespace {

constexpr std::array<std::pair<std::string_view, bilingual>, 16> results = {{
    {"closed", {"The order is closed: it can no longer be paid.", "订单已关闭，无法再付款。"}},
    {"not_yet",
     {"Not closed yet: it can still be paid, or money is on its way. Try again later.",
      "尚未关闭：仍可能付款或款项在途，请稍后再试。"}},
    {"paid",
     {"It is paid, so it cannot be closed. To refund the money, cancel it.",
      "订单已付款，无法关闭。如需退款请取消订单。"}},
    {"unknown",
     {"Stripe could not be reached, or its answer is not clear. Try again in a minute.",
      "暂时无法向 Stripe 确认，请稍后再试。"}},
    {"canceled",
     {"The order is canceled. Money that has arrived has to be refunded.",
      "订单已取消，已收款项需要退还。"}},
    {"claimed",
     {"A worker has the order right now. Try again in a few minutes.",
      "订单正在处理，请稍后再试。"}},
    {"fulfilled", {"Too late: it has already been sent.", "订单已发货，无法取消。"}},
    {"still_payable",
     {"A payment page could not be closed yet. Try again in a minute.",
      "付款页面尚未关闭，请稍后再试。"}},
    {"marked", {"The order is marked as sent.", "订单已标记为已发货。"}},
    {"already_fulfilled", {"It has already been sent.", "订单此前已发货。"}},
    {"done", {"Done.", "已完成。"}},
    {"nothing_to_decide", {"There is nothing left to decide.", "没有需要核对的内容。"}},
    {"changed_meanwhile",
     {"This has changed in the meantime. Check whether there is something new to decide.",
      "情况已变化，请重新核对。"}},
    {"refused",
     {"This cannot be decided that way. Name an order that the shop has, or the right account.",
      "无法这样处理。请填写本店已有的订单号或正确的账户。"}},
    {"asked", {"Checked with Stripe.", "已向 Stripe 查询。"}},
    {"failed",
     {"It could not be done. Check the order, and try again.", "暂时无法完成，请核对订单后重试。"}},
}};

} // namespace

bilingual words_for_result(std::string_view word) {
  for (const auto& [each, text] : results)
    if (each == word) return text;
  return {};
}
