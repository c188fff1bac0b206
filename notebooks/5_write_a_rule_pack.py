# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5　自己写规则包
#
# 默认规则包写着“本软件默认规则，非部颁文件”。各省、各市有自己的认定意见，应当写成**自己的规则包**：
# 一个文本文件，一条规则几行字，不用改程序。
#
# 做法：抄一份　→　改一条　→　跑一遍　→　**看差在哪**。最后一步不能省。

# %%
import shutil
import tempfile
from pathlib import Path

import pipeline
from pipeline.errors import PipelineError
from pipeline.project import SHIPPED_CONFIGS

config = pipeline.demo_county()
first = pipeline.run(config, until="rank")

# %% [markdown]
# ## 一条规则长什么样

# %%
default = (SHIPPED_CONFIGS / "rules" / "default-2024.toml").read_text(encoding="utf-8")
start = default.index('[[rules]]\nid = "earth-moving"')
print(default[start : default.index("[[rules]]", start + 1)])

# %% [markdown]
# `when` 是条件，`verdict` 是结论，`act` 是行为，`legal_basis` 是条文——条文带施行日期，取图斑后时相那天有效的。
# 默认规则说：没有批准的动土，**存疑**——推了土，还没看见建设。
#
# ## 改一条
#
# 假设本市的意见是：动土动在**永久基本农田**上的，按疑似违法列（*只作示范，不是任何地方的规定*）。
# 在默认那条**前面**加一条——规则按顺序看，第一条成立的定结论：

# %%
mine = """[[rules]]
id = "earth-moving-permanent"
name = "永久基本农田上动土"
when = "NOT has_approval AND change_type IN ('DT', 'TD', 'TP', 'WL') AND is_permanent_farmland"
verdict = "illegal"
act = "破坏永久基本农田"
needs = { change_type = "图斑类型", is_permanent_farmland = "永久基本农田" }
legal_basis = [{ article = "《土地管理法》第七十五条", valid_from = 2020-01-01 }]

"""
pack = default[:start] + mine + default[start:]
pack = pack.replace('name = "default-2024"', 'name = "my-city-2024"', 1)
pack = pack.replace("本软件默认规则,非部颁文件", "某市认定意见(示范)", 1)

# %% [markdown]
# 规则包放在项目文件夹的 `configs/rules/` 里，文件名就是包的名称。配置里只改一行：

# %%
project = Path(tempfile.mkdtemp()) / "demo-2024"
shutil.copytree(config.parent, project, ignore=shutil.ignore_patterns("out"))
rules = project / "configs" / "rules"
rules.mkdir(parents=True)
(rules / "my-city-2024.toml").write_text(pack, encoding="utf-8")

text = (project / "demo.toml").read_text(encoding="utf-8")
text = text.replace('pack = "default-2024"', 'pack = "my-city-2024"')
_ = (project / "demo.toml").write_text(text, encoding="utf-8")

# %% [markdown]
# ## 跑一遍
#
# 只有认定以后的阶段要重算：

# %%
second = pipeline.run(project / "demo.toml", until="rank")

# %% [markdown]
# ## 看差在哪

# %%
difference = first.compare(second)
print(difference)

# %%
pipeline.show(difference.labelled("moves"))

# %% [markdown]
# 变了的图斑应当**只有**你想变的那些。逐个看规则——其中一个规则变了、结论没变：那里有人工认定，人说了算：

# %%
pipeline.show(difference.labelled("changes").filter(regex="图斑编号|结论|规则"), rows=8)

# %% [markdown]
# 挑一个看图、看依据：

# %%
moved = difference.changes[difference.changes["rule_id_after"] == "earth-moving-permanent"]
second.explain(moved["change_id"].iloc[0])

# %% [markdown]
# 有没有乡镇因此触线？线边上的变成了谁？

# %%
pipeline.show(second.near_line(4))

# %% [markdown]
# ## 写错了会怎样
#
# 把 `is_permanent_farmland` 少写一个字母。程序**不会**悄悄当作没有，它停下来，说清楚在哪里、怎么改，原有成果不动：

# %%
wrong = pack.replace("AND is_permanent_farmland", "AND is_permanent_farmlan")
(rules / "my-city-2024.toml").write_text(wrong, encoding="utf-8")

try:
    pipeline.run(project / "demo.toml", until="rank", quiet=True)
except PipelineError as error:
    print(error)

# %% [markdown]
# ## 能用哪些词
#
# 写法说明在规则包文件的末尾：

# %%
print(default[default.index("# ---- 写法") :])

# %%
shutil.rmtree(project.parent)

# %% [markdown]
# ## 交出去以前
#
# 1. `title` 写清楚依据哪个文件、文号——它印在每一件成果上；
# 2. 每条规则的 `legal_basis` 写上施行日期；
# 3. 与默认规则包的差异打印出来，附在规则包后面，请法规部门看过。
