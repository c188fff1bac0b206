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
# # 2　这个图斑为什么这样认定
#
# 乡镇来问：“我们有批文，凭什么说违法？”要答得上来，得知道三件事：
#
# 1. 图斑被切成了哪几块（**碎片**）——一块地上，地类、批文、规划处处相同；
# 2. 每一块落到哪一条**规则**；
# 3. 哪些是程序的**建议**，哪些是人**认定**的。
#
# 图斑是线索，不是结论。程序只建议，认定的是人。

# %%
import pipeline

config = pipeline.demo_county()
inspection = pipeline.run(config, until="rank")  # 没有变的阶段不重算
inspection

# %% [markdown]
# ## 一个“批少占多”的图斑
#
# 直接问：

# %%
inspection.explain("990101202420159")

# %% [markdown]
# 再看图。批准的范围画了斜线，图斑是粗黑线；白线是碎片的边界：

# %%
inspection.map(change="990101202420159")

# %% [markdown]
# 图斑的北边伸出了批准范围。批文盖住的部分合法，伸出去的部分疑似违法——**不是整个图斑违法**。
#
# ## 每一块都有答案
#
# 碎片表是全部结论的底子。每一块有地类、有批文、有规则，也有依据：

# %%
pieces = inspection.labelled("pieces", mu=False)
mine = pieces[pieces["图斑编号"] == "990101202420159"]
pipeline.show(
    mine[["碎片编号", "地类编码", "是否耕地", "面积（㎡）", "依据批文", "规则", "采用认定"]]
)

# %% [markdown]
# 面积必须**合得上**：碎片加起来等于图斑，一分不多，一分不少。全县每个图斑都查一遍：

# %%
together = inspection.pieces.groupby("change_id")["area_m2"].sum()
whole = inspection.changes.set_index("change_id")["area_m2"]
print(f"最大的差：{(together - whole).abs().max():.4f} ㎡")

# %% [markdown]
# ## 规则按顺序看，第一条成立的定结论
#
# 规则包是一张有先后的表。前面的规则管“能不能算合法、算其他”，最后一条兜底：都不成立，就是未见有效批准手续。

# %%
names = inspection.heading.rule_names
used = inspection.pieces["rule_id"].value_counts()
for number, (rule, name) in enumerate(names.items(), 1):
    print(f"{number:>2}　{name}　（{used.get(rule, 0)} 块）")

# %% [markdown]
# 规则写在 `configs/rules/default-2024.toml` 里，人人看得懂，也改得动（见第 5 页）。
#
# ## 缺证据的，是“存疑”，不是“违法”
#
# 批文有，可是批准日期没填：批在前还是批在后，没法知道。这时程序**不替任何一方说话**：

# %%
inspection.explain("990101202410040")

# %% [markdown]
# 缺了证据，但怎么补都是同一个结论的，照样给结论；补了可能改变结论的，才是存疑（合法的那一块，是人核对原件以后认定的）。全县缺的是：

# %%
missing = pieces[pieces["缺少的证据"] != ""]
pipeline.show(missing.groupby(["采用认定", "缺少的证据"]).size().rename("碎片").reset_index())

# %% [markdown]
# ## 参考数据自己有问题时，也不认定违法
#
# 有两块地类图斑填错了（田坎系数 1.25；没有 0199 这个地类），还有批文的图形说不清范围，都被隔离。
# 压在它们上面的碎片本来会认定疑似违法——可是证据不可靠，所以**存疑**：

# %%
doubtful = pieces[pieces["规则"] == "压盖隔离的参考数据,待核"]
pipeline.show(doubtful[["图斑编号", "面积（㎡）", "压盖隔离记录", "采用认定", "规则"]])

# %% [markdown]
# ## 人说了算
#
# 人工认定记在台账里，有理由、有人、有日期。它压过建议，但**不抹掉**建议——两个都在：

# %%
ruled = pieces[pieces["人工认定"] != ""]
columns = ["图斑编号", "建议认定", "人工认定", "采用认定", "人工认定理由"]
pipeline.show(ruled[columns].drop_duplicates())

# %% [markdown]
# ## 从头到尾，一字不落
#
# `print` 出来的，是从交来的原始记录到在乡镇占耕比里占多少的全过程，可以附在答复后面：

# %%
print(inspection.explain("990101202420015"))

# %% [markdown]
# 编号抄错了也不要紧：

# %%
from pipeline.errors import PipelineError

try:
    inspection.explain("990101202420951")
except PipelineError as error:
    print(error)

# %% [markdown]
# 下一页：[3　谁在线边上](3_near_the_line.ipynb)
