//! SCR-004 in English.

use super::{
    calendar::{month, month_name, short_month},
    won,
};
use crate::{
    bill_story::Turn,
    model::{PaymentStatus, Source},
    text::bill_result::{BillResult, Charges, Terms, Trend, UsageWords},
};

pub const EN: BillResult = BillResult {
    name: "Your bill",
    title: |of| format!("Bill for {}", month(of)),
    failure: "Your bill request failed",
    total: "Total",
    done: |of, total| {
        format!(
            "Your bill for {} is ready. The total is {}.",
            month(of),
            won(total)
        )
    },
    reasons: "What changed",
    reason: |turn, difference| {
        let amount = won(difference.abs());
        match turn {
            Turn::Started => format!("is new: {amount}"),
            Turn::Ended => format!("ended: {amount}"),
            Turn::Grew => format!("went up by {amount}"),
            Turn::Shrank => format!("went down by {amount}"),
            Turn::Other if difference.0 > 0 => format!("Other changes: {amount} more"),
            Turn::Other => format!("Other changes: {amount} less"),
        }
    },
    compared: |earlier, difference| {
        let (month, amount) = (month_name(earlier), won(difference.abs()));
        match difference.0.signum() {
            1 => format!("{amount} more than in {month}"),
            -1 => format!("{amount} less than in {month}"),
            _ => format!("Same as in {month}"),
        }
    },
    no_previous: |earlier| format!("This bill can’t be compared with {}’s", month_name(earlier)),
    previous_not_now: |earlier| {
        let month = month_name(earlier);
        format!("This bill can’t be compared with {month}’s right now")
    },
    as_of: |source, instant| match source {
        Source::Kos => None,
        Source::Cache | Source::Stale => Some(format!("As of {instant}")),
    },
    stale: "The connection to the carrier is unstable, so this is the last bill we received.",
    months: "Other months",
    trend: Trend {
        title: "Last 6 months",
        table: "Show the numbers",
        month: "Billing month",
        total: "Total",
        missing: "No information",
        some_stale: "The connection to the carrier is unstable, so some amounts are the last we received.",
        stale: "Last received",
        some_not_now: "The connection to the carrier is unstable, so some months can’t be shown right now.",
        not_now: "Not available right now",
        load_again: "Load again",
        short_month,
        description: |highest_month, highest, lowest_month, lowest| {
            format!(
                "Bar chart of the last 6 months. Highest: {highest_month}, {}. Lowest: {lowest_month}, {}.",
                won(highest),
                won(lowest)
            )
        },
    },
    charges: Charges {
        title: "Bill details",
        charges: "Charges",
        discounts: "Discounts",
        item: "Item",
        amount: "Amount",
        subtotal: "Subtotal",
        total: "Total",
        no_discounts: "No discounts on this bill",
    },
    usage: UsageWords {
        title: "Usage",
        data: "Data",
        voice: "Calls",
        sms: "Texts",
        used: |used| format!("{used} used"),
        used_of: |used, allowance| format!("{used} of {allowance} used"),
        left: |left| format!("{left} left"),
        over: |over| format!("{over} over"),
        enough: "Plenty left",
        nearly: "Over 80% used",
        full: "All used",
        none_included: "None included",
    },
    terms: Terms {
        title: "Contract · Installments · Payment",
        contract: "Contract",
        contract_name: "Contract",
        none_known: "None, or not provided by the carrier",
        contract_period: "Contract period",
        period: |start, end| format!("{start} – {end}"),
        contract_left: "Time left",
        as_of_month: |of| format!("As of {}", month(of)),
        months_left: |left, months| format!("{left} of {months} months left"),
        termination_fee: "Estimated termination fee",
        termination_hint: "What you would pay if you left today",
        termination_hint_then: |of| format!("As it was in {}", month(of)),
        installment: "Device installments",
        device: "Device",
        monthly: "Each month",
        remaining: "Still to pay",
        paid_count: |paid, total| format!("{paid} of {total} paid"),
        paid: "Installments paid",
        payment: "Billing and payment",
        billing_month: "Billing month",
        status: "Payment status",
        due_date: "Due date",
        billing_day: "Billing day",
        every_month: |day| format!("Day {day} of each month"),
        method: "Payment method",
        payment_status: |status| match status {
            PaymentStatus::Paid => "Paid",
            PaymentStatus::Unpaid => "Not paid yet",
            PaymentStatus::Overdue => "Overdue",
        },
        overdue_hint: "The due date has passed. Call customer service and we will help you pay.",
        product: "Plan",
        line: "Line",
    },
    other_month: "View another month",
    print: "Print",
};
