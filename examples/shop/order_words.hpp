// The library's words, in the shopkeeper's language.
#pragma once

#include "language.hpp"

#include <stripe_return/orders/order_record.hpp>

#include <string_view>

bilingual words_for(stripe_return::order_stage stage);
bilingual words_for(stripe_return::order_state state);
bilingual words_for(stripe_return::waits_for whom);
bilingual words_for(stripe_return::review_state state);
bilingual words_for(stripe_return::reason why);
bilingual words_for(stripe_return::history_action action);
