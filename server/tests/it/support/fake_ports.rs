//! Fake ports, for tests of the gateway alone. The line id decides the answer.

use super::pending_change::pending_change;
use app::{
    model::{
        Bill, BillMenu, Change, ChangeDraft, ChangeOptions, CheckResult, CheckType, Comparison,
        IdempotencyKey, InquiryRecord, KeyUse, Line, LineId, Page, Permission, PreCheck, Principal,
        ProductCode, ProductMenu, RecentBills, RejectReason, RequestId, SessionInfo, UserInfo, Won,
    },
    problem::{Problem, ProblemCode},
    ssr::{
        AuthPort, BillPort, BillQuery, ChangeCommand, HistoryQuery, LoginCommand, LoginOutcome,
        ProductPort, TokenPair,
    },
};
use async_trait::async_trait;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// The password of every user.
pub const PASSWORD: &str = "Fake-pass-2026";

/// Counts the calls that reached a port.
#[derive(Clone, Default)]
pub struct FakePorts {
    pub logouts: Arc<AtomicU32>,
    pub refreshes: Arc<AtomicU32>,
    pub inquiries_finished: Arc<AtomicU32>,
    /// Questions for the status of a change.
    pub statuses_asked: Arc<AtomicU32>,
}

/// A customer whose access token is the user id.
pub fn principal(user_id: &str) -> Principal {
    let permissions = match user_id {
        "bill01" => vec![Permission::BillInquiry],
        "prod01" => vec![Permission::ProductChange],
        "none01" => Vec::new(),
        _ => Permission::ALL.to_vec(),
    };
    Principal {
        session_id: "session-1".into(),
        account_id: "account-1".into(),
        user: UserInfo {
            user_id: user_id.into(),
            user_name: "김하늘".into(),
            customer_id: "C1".into(),
            permissions,
            lines: vec![Line {
                line_id: LineId("line-1".into()),
                line_number: "01012345678".parse().unwrap(),
            }],
        },
    }
}

fn tokens(access: &str, persistent: bool) -> TokenPair {
    TokenPair {
        access_token: access.into(),
        expires_in: 1800,
        refresh_token: format!("refresh-{access}"),
        refresh_expires_in: 86_400,
        persistent,
    }
}

/// `problem:CODE` refuses with that code, `panic` panics, `slow` never answers.
async fn act(line: Option<&LineId>) -> Result<(), Problem> {
    let name = line.map_or("", |line| line.0.as_str());
    match name.split_once(':') {
        Some(("problem", code)) => {
            let known = ProblemCode::named(code).unwrap();
            Err(Problem::of(known).with_retry_after(7))
        }
        _ if name == "panic" => panic!("a planted panic with 010-9999-8888 in it"),
        _ if name == "slow" => std::future::pending().await,
        _ => Ok(()),
    }
}

#[async_trait]
impl AuthPort for FakePorts {
    async fn login(&self, command: LoginCommand) -> Result<LoginOutcome, Problem> {
        let user_id = command.user_id.as_str();
        match user_id {
            "locked01" if command.device_cookie.as_deref() != Some("browser-of-locked01") => {
                return Err(Problem::of(ProblemCode::AuthLocked).with_retry_after(1_800));
            }
            "busy01" => return Err(Problem::of(ProblemCode::AuthBusy).with_retry_after(1)),
            _ => {}
        }
        if command.password.expose() != PASSWORD {
            return Err(Problem::of(ProblemCode::AuthInvalid));
        }
        Ok(LoginOutcome {
            tokens: tokens(user_id, command.auto_login),
            principal: Principal {
                session_id: "session-of-this-login".into(),
                ..principal(user_id)
            },
            device_cookie: format!("browser-of-{user_id}"),
        })
    }

    async fn refresh(&self, refresh_token: &str, _: Option<&str>) -> Result<TokenPair, Problem> {
        self.refreshes.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let access = refresh_token.strip_prefix("refresh-");
        access
            .map(|access| tokens(access, false))
            .ok_or_else(|| Problem::of(ProblemCode::RefreshInvalid))
    }

    async fn can_refresh(&self, refresh_token: &str) -> Result<bool, Problem> {
        Ok(refresh_token != "refresh-replaced01")
    }

    async fn authenticate(&self, access_token: &str) -> Result<Arc<Principal>, Problem> {
        match access_token {
            "expired" => Err(Problem::of(ProblemCode::TokenExpired)),
            "ended" => Err(Problem::of(ProblemCode::SessionEnded)),
            "nobody-knows" => Err(Problem::of(ProblemCode::Unavailable)),
            user if user.ends_with("01") => Ok(Arc::new(principal(user))),
            _ => Err(Problem::of(ProblemCode::TokenInvalid)),
        }
    }

    async fn logout(&self, who: &Principal) -> Result<(), Problem> {
        if who.user.user_id == "stuck01" {
            return Err(Problem::of(ProblemCode::Unavailable).with_retry_after(1));
        }
        self.logouts.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    async fn sessions(&self, _: &Principal) -> Result<Vec<SessionInfo>, Problem> {
        Ok(Vec::new())
    }

    async fn end_session(&self, _: &Principal, _: &str) -> Result<(), Problem> {
        Ok(())
    }

    async fn end_other_sessions(&self, _: &Principal) -> Result<(), Problem> {
        Ok(())
    }
}

#[async_trait]
impl BillPort for FakePorts {
    async fn menu(&self, who: &Principal, line: Option<LineId>) -> Result<BillMenu, Problem> {
        act(line.as_ref()).await?;
        let current_month = "2026-11".parse().unwrap();
        Ok(BillMenu {
            lines: who.user.lines.clone(),
            line_id: LineId("line-1".into()),
            current_month,
            months: current_month.selectable(),
        })
    }

    async fn inquire(&self, _: &Principal, query: BillQuery) -> Result<Bill, Problem> {
        act(query.line.as_ref()).await?;
        self.inquiries_finished.fetch_add(1, Ordering::SeqCst);
        Err(Problem::of(ProblemCode::BillNotFound))
    }

    async fn inquire_json(&self, who: &Principal, query: BillQuery) -> Result<String, Problem> {
        Err(self.inquire(who, query).await.unwrap_err())
    }

    async fn glance(&self, _: &Principal, query: BillQuery) -> Result<Bill, Problem> {
        act(query.line.as_ref()).await?;
        Err(Problem::of(ProblemCode::BillNotFound))
    }

    async fn previous_bill(
        &self,
        _: &Principal,
        line: Option<LineId>,
    ) -> Result<Option<Bill>, Problem> {
        act(line.as_ref()).await?;
        Ok(None)
    }

    async fn recent(&self, _: &Principal, line: Option<LineId>) -> Result<RecentBills, Problem> {
        act(line.as_ref()).await?;
        Ok(RecentBills::default())
    }

    async fn compare(&self, _: &Principal, query: BillQuery) -> Result<Comparison, Problem> {
        act(query.line.as_ref()).await?;
        Ok(Comparison::default())
    }

    async fn history(
        &self,
        _: &Principal,
        query: HistoryQuery,
    ) -> Result<Page<InquiryRecord>, Problem> {
        act(query.line.as_ref()).await?;
        Ok(Page {
            items: Vec::new(),
            next_cursor: None,
        })
    }
}

#[async_trait]
impl ProductPort for FakePorts {
    async fn menu(&self, _: &Principal, line: Option<LineId>) -> Result<ProductMenu, Problem> {
        act(line.as_ref()).await?;
        Err(Problem::of(ProblemCode::KosUnavailable).with_retry_after(10))
    }

    async fn options(&self, _: &Principal, line: Option<LineId>) -> Result<ChangeOptions, Problem> {
        act(line.as_ref()).await?;
        Err(Problem::of(ProblemCode::KosUnavailable).with_retry_after(10))
    }

    async fn fee(
        &self,
        _: &Principal,
        line: &LineId,
        _: &ProductCode,
    ) -> Result<Option<Won>, Problem> {
        act(Some(line)).await?;
        Ok(None)
    }

    async fn check(&self, _: &Principal, draft: ChangeDraft) -> Result<PreCheck, Problem> {
        act(Some(&draft.line_id)).await?;
        Ok(PreCheck {
            passed: true,
            checks: Vec::new(),
        })
    }

    async fn check_one(
        &self,
        _: &Principal,
        draft: ChangeDraft,
        _: CheckType,
    ) -> Result<CheckResult, Problem> {
        act(Some(&draft.line_id)).await?;
        Err(Problem::of(ProblemCode::KosTimeout))
    }

    async fn request(&self, _: &Principal, command: ChangeCommand) -> Result<Change, Problem> {
        act(Some(&command.draft.line_id)).await?;
        if command.draft.line_id.0 == "rejected" {
            let own = RequestId("r-2".into());
            return Err(Problem::rejected(RejectReason::Refused, own));
        }
        Err(Problem::of(ProblemCode::ChangeInProgress).with_request_id(RequestId("r-1".into())))
    }

    async fn open_change(
        &self,
        _: &Principal,
        line: Option<&LineId>,
    ) -> Result<Option<RequestId>, Problem> {
        act(line).await?;
        Ok(None)
    }

    /// `made-<id>` has started the change `<id>`, `refused-…` was refused; the lookup of `away-…`
    /// fails.
    async fn use_of_key(&self, _: &Principal, key: &IdempotencyKey) -> Result<KeyUse, Problem> {
        match key.as_str().split_once('-') {
            Some(("made", id)) => Ok(KeyUse::Change(RequestId(id.into()))),
            Some(("refused", _)) => Ok(KeyUse::Refused),
            Some(("away", _)) => Err(Problem::of(ProblemCode::Unavailable)),
            _ => Ok(KeyUse::Unused),
        }
    }

    /// `since-<instant>` is pending since then; there is no other.
    async fn status(&self, _: &Principal, request: &RequestId) -> Result<Change, Problem> {
        self.statuses_asked.fetch_add(1, Ordering::SeqCst);
        let since = request.0.strip_prefix("since-");
        let change = since.map(|since| pending_change(request, since));
        change.ok_or_else(|| Problem::of(ProblemCode::NotFound))
    }

    async fn history(&self, _: &Principal, query: HistoryQuery) -> Result<Page<Change>, Problem> {
        act(query.line.as_ref()).await?;
        Ok(Page {
            items: Vec::new(),
            next_cursor: None,
        })
    }
}
