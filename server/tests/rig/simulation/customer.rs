//! The customers of a schedule: they press on any replica, press again without an answer, and look.

use super::{
    kos::PLANS,
    replica::{Node, Replica, Surroundings},
    world::World,
};
use crate::laws::ledgers::{Says, Shown, Told};
use app::{
    model::{Change, ChangeDraft, ChangeStatus, Line, Principal, RequestId},
    problem::{Problem, ProblemCode},
    ssr::ChangeCommand,
};
use futures::future::{Either, select};
use server::kos::HeldLine;
use std::{
    collections::BTreeMap,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(4);

/// The observations, and the page cache that all replicas share.
#[derive(Default)]
pub struct Shared {
    told: Mutex<(u64, Vec<Told>)>,
    pages: Mutex<BTreeMap<String, (i64, String)>>,
}

impl Shared {
    pub fn told(&self) -> Vec<Told> {
        self.told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .1
            .clone()
    }

    fn ask(&self) -> u64 {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.0 += 1;
        told.0
    }

    fn note(&self, asked: u64, what: Shown) {
        let answered = self.ask();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.1.push(Told {
            asked,
            answered,
            what,
        });
    }
}

/// One customer, one line.
#[derive(Clone)]
pub struct Customer {
    pub around: Arc<Surroundings>,
    pub replicas: Vec<Arc<Replica>>,
    pub shared: Arc<Shared>,
    pub who: Principal,
    pub line: Line,
}

impl Customer {
    /// Changes the plan `times` times.
    pub async fn come_and_go(self, times: u32) {
        for number in 0..times {
            let current = match self.open_page().await {
                Some(plan) => plan,
                None => PLANS[0].to_owned(),
            };
            let others: Vec<_> = PLANS.iter().filter(|plan| **plan != current).collect();
            let to = others[self.world().pick(0..others.len())];
            let Some(command) = self.command(number, &current, to) else {
                return;
            };
            if self.world().pick(0..3) == 0 {
                let (again, command) = (self.clone(), command.clone());
                tokio::spawn(async move { again.press(&command).await });
            }
            let mut begun = None;
            for _ in 0..12 {
                match self.press(&command).await {
                    Some(Pressed::Answered(id)) => {
                        begun = id;
                        break;
                    }
                    Some(Pressed::Refused) => break,
                    Some(Pressed::Later) | None => self.wait(1_500).await,
                }
            }
            if let Some(id) = begun {
                self.watch(&id).await;
            }
            self.press(&command).await;
        }
    }

    /// Another device of the same customer: opens the page again and again.
    pub async fn keep_looking(self) {
        while !self.world().is_calm() {
            self.open_page().await;
            self.wait(1_200).await;
        }
    }

    /// Looks at the status until the change is settled, then at the page.
    async fn watch(&self, id: &RequestId) {
        for _ in 0..self.world().pick(1..12) {
            let says = self.look(id).await;
            self.open_page().await;
            if matches!(says, Some(Says::Completed | Says::Failed)) {
                break;
            }
            self.wait(1_000).await;
        }
    }

    pub async fn look(&self, id: &RequestId) -> Option<Says> {
        let node = self.node()?;
        let asked = self.shared.ask();
        let change = self
            .within(&node, node.machine.status(&self.who, id))
            .await?
            .ok()?;
        let says = says(&change);
        let request_id = id.0.clone();
        self.shared.note(asked, Shown::Status { request_id, says });
        Some(says)
    }

    /// The line's plan, from the cache if its generation is still the line's; the generation is read
    /// before KOS is asked, and stored with the plan.
    pub async fn open_page(&self) -> Option<String> {
        let node = self.node()?;
        let asked = self.shared.ask();
        let line = &self.line.line_number;
        let plan = self.within(&node, async {
            node.life.step("page: generation").await;
            let generation = self.around.database.store().generation(line);
            let cached = self.pages().get(line.as_str()).cloned();
            if let Some((sealed, plan)) = cached
                && sealed == generation
            {
                return Some(plan);
            }
            let held = HeldLine::of(&self.who, &self.line);
            let now = node.kos.line_now(&held).await.ok()?;
            let plan = now.product.code.as_str().to_owned();
            node.life.step("page: fill").await;
            let entry = (generation, plan.clone());
            self.pages().insert(line.as_str().to_owned(), entry);
            Some(plan)
        });
        let plan = plan.await??;
        let shown = Shown::Page {
            line: line.as_str().to_owned(),
            plan: plan.clone(),
        };
        self.shared.note(asked, shown);
        Some(plan)
    }

    async fn press(&self, command: &ChangeCommand) -> Option<Pressed> {
        let node = self.node()?;
        let asked = self.shared.ask();
        let answer = node.machine.request(&self.who, command.clone());
        let answer = self.within(&node, answer).await?;
        let (status, body) = wire(&answer);
        let (request_id, told) = match &answer {
            Ok(change) => (Some(change.request_id.clone()), Some(says(change))),
            Err(problem) if problem.code() == ProblemCode::ChangeRejected => {
                (problem.request_id.clone(), Some(Says::Failed))
            }
            Err(_) => (None, None),
        };
        self.world()
            .note(&self.line.line_id.0, &format!("answered {status}"));
        let shown = Shown::Answer {
            account: self.who.account_id.clone(),
            key: command.key.as_str().to_owned(),
            status,
            body,
            request_id: request_id.clone().map(|id| id.0),
            says: told,
        };
        self.shared.note(asked, shown);
        Some(match status {
            500.. => Pressed::Later,
            _ if request_id.is_some() => Pressed::Answered(request_id),
            _ => Pressed::Refused,
        })
    }

    /// A living replica's answer, if it comes in time.
    async fn within<T>(&self, node: &Node, work: impl Future<Output = T>) -> Option<T> {
        let patience = self.world().time.sleep(PATIENCE);
        match select(pin!(work), pin!(patience)).await {
            Either::Left((answer, _)) if !node.life.is_dead() => Some(answer),
            _ => None,
        }
    }

    fn node(&self) -> Option<Node> {
        self.replicas[self.world().pick(0..self.replicas.len())].node()
    }

    async fn wait(&self, longest_ms: u64) {
        let pause = self.world().pick(10..longest_ms);
        self.world().sleep(Duration::from_millis(pause)).await;
    }

    fn world(&self) -> &World {
        &self.around.world
    }

    fn pages(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, (i64, String)>> {
        self.shared
            .pages
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn command(&self, number: u32, from: &str, to: &str) -> Option<ChangeCommand> {
        Some(ChangeCommand {
            draft: ChangeDraft {
                line_id: self.line.line_id.clone(),
                current_product_code: from.parse().ok()?,
                target_product_code: to.parse().ok()?,
            },
            key: format!("{}-key-{number:03}", self.line.line_id.0)
                .parse()
                .ok()?,
            trace_id: format!("trace-{number:08}"),
        })
    }
}

enum Pressed {
    Answered(Option<RequestId>),
    Refused,
    Later,
}

/// The status and body that the gateway would send.
fn wire(answer: &Result<Change, Problem>) -> (u16, String) {
    match answer {
        Ok(change) => {
            let status = match change.status {
                ChangeStatus::Pending => 202,
                ChangeStatus::Completed | ChangeStatus::Failed => 200,
            };
            (status, serde_json::json!(change).to_string())
        }
        Err(problem) => (problem.status(), serde_json::json!(problem).to_string()),
    }
}

fn says(change: &Change) -> Says {
    match change.status {
        ChangeStatus::Pending => Says::Pending,
        ChangeStatus::Completed => Says::Completed,
        ChangeStatus::Failed => Says::Failed,
    }
}
