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
# # 4　两次检查差在哪
#
# 数字变了，第一句话总是“为什么变了”。变的可能是**数据**（新批文、新认定），可能是**规则**，也可能只是**口径**。
# 三样混在一起就说不清，所以一次只变一样，然后比。
#
# 这一页在一个临时文件夹里做，示例县原来的成果不动。

# %%
import shutil
import tempfile
from pathlib import Path

import pipeline

config = pipeline.demo_county()
first = pipeline.run(config, until="rank")
first

# %% [markdown]
# ## 只变规则：不用“边角细缝”
#
# 批准范围和图斑对不齐，会剩下一条细缝。默认规则把又窄（不足 1 米）又小（不足 20 ㎡）的细缝认定为“其他”——那是测量误差，不是违法。
# 如果不用这条规则呢？把示例县抄一份，改一个数：

# %%
copy = Path(tempfile.mkdtemp()) / "demo-2024"
shutil.copytree(config.parent, copy, ignore=shutil.ignore_patterns("out"))
text = (copy / "demo.toml").read_text(encoding="utf-8")
text = text.replace("sliver_width_m = 1.0", "sliver_width_m = 0")
(copy / "demo.toml").write_text(text, encoding="utf-8")

second = pipeline.run(copy / "demo.toml", until="rank")

# %% [markdown]
# “未变，沿用”的阶段没有重算：程序看的是内容，不是时间。
#
# 比的时候，先看**规则、口径、数据**哪一样不同，再看结果：

# %%
difference = first.compare(second)
print(difference)

# %% [markdown]
# 正好只有规则不同。九个图斑各多出一条细缝，于是从“合法”变成“疑似违法”；面积加起来不到两分地。
# 逐个结论：

# %%
pipeline.show(difference.labelled("verdicts"))

# %% [markdown]
# 哪些图斑变了，变在哪条规则：

# %%
pipeline.show(difference.labelled("changes"), rows=10)

# %% [markdown]
# 哪些乡镇动了：

# %%
pipeline.show(difference.labelled("townships"))

# %% [markdown]
# ## 只变口径：整改前的占耕比
#
# 现在规则一个字不改，只把考核口径从“整改后（分子分母同减）”换成“整改前”：

# %%
text = (config.parent / "demo.toml").read_text(encoding="utf-8")
text = text.replace('official = "ratio_net"', 'official = "ratio_gross"')
(copy / "demo.toml").write_text(text, encoding="utf-8")

third = pipeline.run(copy / "demo.toml", until="rank", quiet=True)
before_rectification = first.compare(third)
print(before_rectification)

# %% [markdown]
# **没有一个图斑的结论变了**，却有两个乡镇触了线。所以每一张表都要写明口径；比两个数以前，先看口径是不是一样：

# %%
pipeline.show(before_rectification.basis)

# %%
pipeline.show(
    before_rectification.labelled("townships").filter(regex="乡镇（|占耕比|名次|触线")
)

# %% [markdown]
# ## 只变数据：核实一个图斑
#
# 审核员到现场看了一个存疑的图斑，认定为其他。在台账里加一行——有理由、有人、有日期：

# %%
(copy / "demo.toml").write_text((config.parent / "demo.toml").read_text("utf-8"), "utf-8")
doubtful = first.changes.query("verdict == 'doubtful'").sort_values("doubtful_m2").iloc[-1]
line = f"{doubtful['change_id']},,other,现场核实为农田整理，未建设,示例审核员,2025-03-10\n"
with (copy / "hand" / "rulings.csv").open("a", encoding="utf-8") as file:
    file.write(line)

fourth = pipeline.run(copy / "demo.toml", until="rank", quiet=True)
print(first.compare(fourth))

# %%
pipeline.show(first.compare(fourth).labelled("changes"))

# %% [markdown]
# 动的是一个台账文件，变的是一个图斑，没有牵动别的——这就说得清了。
#
# 两年之间、整改前后、县里和乡镇各算一遍——都是这样比：`pipeline.load(一个工作区).compare(pipeline.load(另一个))`。
# 工作区可以拷到别的电脑上看，不需要配置文件，也不会被改动。

# %%
shutil.rmtree(copy.parent)

# %% [markdown]
# 下一页：[5　自己写规则包](5_write_a_rule_pack.ipynb)
